"""Who gets what at the ladders of an office; rows of test_url_matrix.MATRIX."""

ROWS = """
GET  office-ladders           in  404 404 ok  404 404 ok  404 404 ok  ok  404
POST office-ladders           in  404 404 405 404 404 405 404 404 405 405 404
GET  office-ladders district  in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-ladders district  in  404 404 405 404 404 405 404 404 405 405 404
GET  office-ladder            in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-ladder            in  404 404 404 404 404 404 404 404 404 ok  404
GET  office-ladder tried      in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-ladder tried      in  404 404 404 404 404 404 404 404 404 ->  404
GET  office-ladder untried    in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-ladder untried    in  404 404 404 404 404 404 404 404 404 422 404
GET  office-ladder unknown    in  404
POST office-ladder unknown    in  404
"""
