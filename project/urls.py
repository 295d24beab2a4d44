"""Addresses of Sajja: short, stable, bookmarkable (DESIGN 7)."""

urlpatterns: list = []
