"""Who gets what about due days and the calendar that moves them; rows of test_url_matrix.MATRIX."""

ROWS = """
GET  deadline                 in  ok  ok  ok  ok  ok  ok  ok  404
POST deadline                 in  ->  409 403 403 403 403 403 404
GET  deadline asked           in  ok  ok  ok  ok  ok  ok  ok  404
POST deadline asked           in  403 403 ->  403 403 403 403 404
GET  deadline closed          in  ok  ok  ok  ok  ok  ok  ok  404
POST deadline closed          in  409 409 409 409 409 409 409 404
GET  deadline of-another-case in  404
POST deadline of-another-case in  404

GET  office-holiday-new seen  in  404 404 404 404 404 404 404 404 404 ok  404
POST office-holiday-new seen  in  404 404 404 404 404 404 404 404 404 ok  404
GET  office-holiday seen      in  404 404 ok  404 404 ok  404 404 ok  ok  404
POST office-holiday seen      in  404 404 ok  404 404 ok  404 404 ok  ok  404
GET  office-recount           in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-recount           in  404 404 405 404 404 405 404 404 405 405 404
"""
