"""Papers: what an office prints, signs and files, made as PDF and kept as made (handbook 3.5).

Papers are written in Thai with the Buddhist Era and Thai digits, whatever the page's language.
`words` writes out, `letterhead` and `places` know the sender, `compiler` sets, `keeping` keeps.
"""
