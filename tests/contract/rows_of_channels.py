"""Who gets what beside the pages: LINE, calendars, links that act; rows of test_url_matrix.MATRIX.

A secret in an address stands for its owner: whoever has it is answered alike.
"""

ROWS = """
GET  my-calendar              in  ok
POST my-calendar              in  ->
GET  my-line                  in  ok
POST my-line                  in  ->
GET  calendar-feed            ok
POST calendar-feed            405
GET  calendar-feed revoked    404
POST calendar-feed revoked    405
GET  line-webhook             405
POST line-webhook             404
GET  act                      ok
POST act                      ok
GET  act used                 410
POST act used                 410
GET  act forged               410
POST act forged               410
GET  office-webhooks          in  404 404 404 404 404 404 404 404 404 ok  404
POST office-webhooks          in  404 404 404 404 404 404 404 404 404 405 404
GET  new-webhook              in  404 404 404 404 404 404 404 404 404 ok  404
POST new-webhook              in  404 404 404 404 404 404 404 404 404 ->  404
GET  new-webhook incomplete   in  404 404 404 404 404 404 404 404 404 ok  404
POST new-webhook incomplete   in  404 404 404 404 404 404 404 404 404 422 404
GET  webhook                  in  404 404 404 404 404 404 404 404 404 ok  404
POST webhook                  in  404 404 404 404 404 404 404 404 404 ->  404
GET  webhook unknown          in  404
POST webhook unknown          in  404
"""
