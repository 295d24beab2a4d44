"""Who gets what of the bell and of choices; rows of test_url_matrix.MATRIX.

What somebody was told of is theirs alone: the matter of the row is the officer's.
"""

ROWS = """
GET  my-messages              in  ok
POST my-messages              in  ->
GET  bell                     in  ok
POST bell                     in  405
GET  bell-seen                in  405
POST bell-seen                in  ->
GET  bell-seen nonsense       in  405
POST bell-seen nonsense       in  ->
GET  bell-follow              in  ->  404
POST bell-follow              in  405
GET  bell-follow unknown      in  404
POST bell-follow unknown      in  405
"""
