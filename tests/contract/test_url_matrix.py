"""Who gets what at every address; a new address without its rows here fails (DESIGN 5).

Every answer is looked at as well: its headers, and the markup of a page.
"""

import itertools
import re
from typing import Any

import pytest
from django.urls import reverse

from tests.contract import rows_of_channels, rows_of_deadlines, rows_of_ladders, rows_of_messages
from tests.contract.answers import is_safe, is_well_made
from tests.contract.world import World, patterns, undone

# A row: method, place (an address's name and a situation of world.py), and a code a person.
# The last code of a row holds for all columns to its right. ok: 200, in: off to sign in,
# ->: to any other page (done), else the status. Who may not know of a case meets 404 everywhere.
MATRIX = """
                              anonymous
                              |   officer, to whom the step belongs
                              |   |   colleague of the same tambon
                              |   |   |   chief of the district, CD
                              |   |   |   |   district_chief
                              |   |   |   |   |   academic of the province
                              |   |   |   |   |   |   province, its CD chief
                              |   |   |   |   |   |   |   department
                              |   |   |   |   |   |   |   |   outsider: officer of another district
                              |   |   |   |   |   |   |   |   |   outside_chief
                              |   |   |   |   |   |   |   |   |   |   admin
                              |   |   |   |   |   |   |   |   |   |   |   nobody: holds no post
GET  home                     ->
POST home                     ->
GET  login                    ok  ->
POST login                    ->
GET  logout                   405
POST logout                   in
GET  set_language             405
POST set_language             ->
GET  healthz                  ok
POST healthz                  405
GET  readyz                   ok
POST readyz                   405

GET  work                     in  ok
POST work                     in  405
GET  cases                    in  ok
POST cases                    in  405
GET  new-case                 in  ok  ok  404 404 404 404 404 ok  404
POST new-case                 in  422 422 404 404 404 404 404 422 404
GET  new-case village         in  ok  ok  404 404 404 404 404 ok  404
POST new-case village         in  ->  ->  404 404 404 404 404 422 404
GET  new-case running         in  ok  ok  404 404 404 404 404 ok  404
POST new-case running         in  ->  409 404 404 404 404 404 422 404

GET  case                     in  ok  ok  ok  ok  ok  ok  ok  404
POST case                     in  405
GET  end                      in  404 404 ok  404
POST end                      in  404 404 ->  404
GET  end ended                in  404 404 ->  404
POST end ended                in  404 404 ->  404
GET  step                     in  ok  ok  ok  ok  ok  ok  ok  404
POST step                     in  ->  409 403 403 403 403 403 404
GET  step unclaimed           in  ok  ok  ok  ok  ok  ok  ok  404
POST step unclaimed           in  ->  ->  403 403 403 403 403 404
GET  step decision            in  ok  ok  ok  ok  ok  ok  ok  404
POST step decision            in  403 403 ->  403 403 403 403 404
GET  step waiting             in  ok  ok  ok  ok  ok  ok  ok  404
POST step waiting             in  ->  409 403 403 403 403 403 404
GET  step done                in  ok  ok  ok  ok  ok  ok  ok  404
POST step done                in  ->  409 409 409 409 409 409 404
GET  step of-another-case     in  404
POST step of-another-case     in  404
GET  correct                  in  ok  ok  403 403 403 403 403 404
POST correct                  in  ->  ->  403 403 403 403 403 404
GET  correct open             in  ->  ->  403 403 403 403 403 404
POST correct open             in  409 409 403 403 403 403 403 404
GET  version                  in  ok  ok  ok  ok  ok  ok  ok  404
POST version                  in  405
GET  version none             in  404
POST version none             in  405
GET  case told                in  ok  ok  ok  ok  ok  ok  ok  404
POST case told                in  405
GET  case acknowledged        in  ok  ok  ok  ok  ok  ok  ok  404
POST case acknowledged        in  405
GET  acknowledge              in  ->  ->  ->  ->  ->  ->  ->  404
POST acknowledge              in  ->  403 ->  403 403 403 403 404
GET  acknowledge untold       in  ->  ->  ->  ->  ->  ->  ->  404
POST acknowledge untold       in  409 409 409 409 409 409 409 404
GET  acknowledge acknowledged in  ->  ->  ->  ->  ->  ->  ->  404
POST acknowledge acknowledged in  ->  409 409 409 409 409 409 404
GET  acknowledge of-another   in  404
POST acknowledge of-another   in  404
GET  claim                    in  ->  ->  ->  ->  ->  ->  ->  404
POST claim                    in  ->  409 403 403 403 403 403 404
GET  claim unclaimed          in  ->  ->  ->  ->  ->  ->  ->  404
POST claim unclaimed          in  ->  ->  403 403 403 403 403 404
GET  claim of-another-case    in  404
POST claim of-another-case    in  404
GET  release                  in  ->  ->  ->  ->  ->  ->  ->  404
POST release                  in  ->  409 403 403 403 403 403 404
GET  release unclaimed        in  ->  ->  ->  ->  ->  ->  ->  404
POST release unclaimed        in  ->  ->  403 403 403 403 403 404
GET  remove-document          in  ->  ->  ->  ->  ->  ->  ->  404
POST remove-document          in  ->  409 403 403 403 403 403 404
GET  document                 in  ok  ok  ok  ok  ok  ok  ok  404
POST document                 in  405
GET  document removed         in  404
POST document removed         in  405
GET  document paper           in  ok  ok  ok  ok  ok  ok  ok  404
POST document paper           in  405
GET  make-paper               in  ->  ->  ->  ->  ->  ->  ->  404
POST make-paper               in  ->  ->  ->  403 403 403 403 404
GET  make-paper too-early     in  ->  ->  ->  ->  ->  ->  ->  404
POST make-paper too-early     in  409 409 409 403 403 403 403 404
GET  make-paper unknown       in  404
POST make-paper unknown       in  404
GET  case papers              in  ok  ok  ok  ok  ok  ok  ok  404
POST case papers              in  405
GET  thumbnail                in  ok  ok  ok  ok  ok  ok  ok  404
POST thumbnail                in  405

GET  area village             in  ok  ok  ok  ok  ok  ok  ok  404
POST area village             in  405
GET  area province            in  ok  ok  ok  ok  ok  ok  ok  ok  ok  404
POST area province            in  405
GET  area outside             in  404 404 404 404 ok  ok  ok  ok  ok  404
POST area outside             in  405
GET  group                    in  ok  ok  ok  ok  ok  ok  ok  404
POST group                    in  405
GET  group outside            in  404 404 404 404 ok  ok  ok  ok  ok  404
POST group outside            in  405

GET  office                   in  404 404 404 404 404 404 404 404 404 ok  404
POST office                   in  404 404 404 404 404 404 404 404 404 405 404
GET  people                   in  404 404 404 404 404 404 404 404 404 ok  404
POST people                   in  404 404 404 404 404 404 404 404 404 405 404
GET  new-person               in  404 404 404 404 404 404 404 404 404 ok  404
POST new-person               in  404 404 404 404 404 404 404 404 404 ->  404
GET  new-person incomplete    in  404 404 404 404 404 404 404 404 404 ok  404
POST new-person incomplete    in  404 404 404 404 404 404 404 404 404 422 404
GET  person                   in  404 404 404 404 404 404 404 404 404 ok  404
POST person                   in  404 404 404 404 404 404 404 404 404 ->  404
GET  person unknown           in  404
POST person unknown           in  404
GET  invite                   in  404 404 404 404 404 404 404 404 404 405 404
POST invite                   in  404 404 404 404 404 404 404 404 404 ->  404
GET  close-account            in  404 404 404 404 404 404 404 404 404 ok  404
POST close-account            in  404 404 404 404 404 404 404 404 404 ->  404
GET  close-account unknown    in  404
POST close-account unknown    in  404
GET  open-account             in  404 404 404 404 404 404 404 404 404 405 404
POST open-account             in  404 404 404 404 404 404 404 404 404 ->  404
GET  new-post                 in  404 404 404 404 404 404 404 404 404 ok  404
POST new-post                 in  404 404 404 404 404 404 404 404 404 ->  404
GET  end-post                 in  404 404 404 404 404 404 404 404 404 ok  404
POST end-post                 in  404 404 404 404 404 404 404 404 404 ->  404
GET  end-post of-another      in  404
POST end-post of-another      in  404

GET  me                       in  ok
POST me                       in  ->
GET  password                 in  ok
POST password                 in  422
GET  forgotten                ok
POST forgotten                in
GET  set-password             410
POST set-password             410
GET  set-password link        ->
POST set-password link        ->

GET  imports                  in  404 404 404 404 404 404 404 404 404 ok  404
POST imports                  in  404 404 404 404 404 404 404 404 404 405 404
GET  import-kind              in  404 404 404 404 404 404 404 404 404 ok  404
POST import-kind              in  404 404 404 404 404 404 404 404 404 422 404
GET  import-kind foundings    in  404 404 404 404 404 404 404 404 404 ok  404
POST import-kind foundings    in  404 404 404 404 404 404 404 404 404 422 404
GET  import-kind unknown      in  404
POST import-kind unknown      in  404
GET  import-template          in  404 404 404 404 404 404 404 404 404 ok  404
POST import-template          in  404 404 404 404 404 404 404 404 404 405 404
GET  import-template other    in  404
POST import-template other    in  404 404 404 404 404 404 404 404 404 405 404
GET  import-run               in  404 404 404 404 404 404 404 404 404 ok  404
POST import-run               in  404 404 404 404 404 404 404 404 404 ->  404
GET  import-run confirmed     in  404 404 404 404 404 404 404 404 404 ok  404
POST import-run confirmed     in  404 404 404 404 404 404 404 404 404 ->  404
GET  import-report            in  404 404 404 404 404 404 404 404 404 ok  404
POST import-report            in  404 404 404 404 404 404 404 404 404 405 404

GET  office-calendar          in  404 404 ok  404 404 ok  404 404 ok  ok  404
POST office-calendar          in  404 404 405 404 404 405 404 404 405 405 404
GET  office-calendar district in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-calendar district in  404 404 405 404 404 405 404 404 405 405 404
GET  office-holiday-new       in  404 404 404 404 404 404 404 404 404 ok  404
POST office-holiday-new       in  404 404 404 404 404 404 404 404 404 ->  404
GET  office-holiday           in  404 404 ok  404 404 ok  404 404 ok  ok  404
POST office-holiday           in  404 404 ->  404 404 ->  404 404 ->  ->  404
GET  office-holiday removed   in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-holiday removed   in  404 404 422 404 404 422 404 404 404 ->  404
GET  office-settings          in  404 404 ok  404 404 ok  404 404 ok  ok  404
POST office-settings          in  404 404 405 404 404 405 404 404 405 405 404
GET  office-settings district in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-settings district in  404 404 405 404 404 405 404 404 405 405 404
GET  office-setting           in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-setting           in  404 404 ->  404 404 ->  404 404 404 ->  404
GET  office-setting memo-head  in  404 404 ok  404 404 ok  404 404 404 ok  404
POST office-setting memo-head  in  404 404 ->  404 404 ->  404 404 404 ->  404
GET  office-setting told      in  404 404 404 404 404 404 404 404 404 ok  404
POST office-setting told      in  404 404 404 404 404 404 404 404 404 ->  404
GET  office-setting unknown   in  404
POST office-setting unknown   in  404
GET  office-history           in  404 404 404 404 404 404 404 404 404 ok  404
POST office-history           in  404 404 404 404 404 404 404 404 404 405 404

GET  escalations              in  ok
POST escalations              in  405
GET  escalations sought       in  ok
POST escalations sought       in  405
GET  operator                 in  404 404 404 404 404 404 404 404 404 ok  404
POST operator                 in  404 404 404 404 404 404 404 404 404 405 404
GET  send-again               in  404 404 404 404 404 404 404 404 404 405 404
POST send-again               in  404 404 404 404 404 404 404 404 404 ->  404

GET  demo-mail                ok
POST demo-mail                405
GET  demo-letter              ok
POST demo-letter              405
GET  demo-clock               ok
POST demo-clock               422
"""
ROWS_BESIDE = (
    rows_of_channels.ROWS + rows_of_deadlines.ROWS + rows_of_ladders.ROWS + rows_of_messages.ROWS
)
LINES = [line for line in (MATRIX + ROWS_BESIDE).splitlines() if line]
WHO = [re.sub(r"[ |]*(\w+).*", r"\1", line) for line in LINES if line.startswith(" ")]


def rows() -> dict[tuple[str, str], list[str]]:
    """Method and place → the code of each of WHO."""
    found = {}
    for line in LINES[len(WHO) :]:
        method, place, codes = line[:5].strip(), line[5:29].strip(), line[29:].split()
        assert (method, place) not in found, line
        found[method, place] = codes + codes[-1:] * (len(WHO) - len(codes))
    return found


ROWS = rows()


def code(response: Any) -> str:
    """The answer as the table writes it."""
    if response.status_code == 302:
        return "in" if response["Location"].startswith(reverse("login")) else "->"
    return "ok" if response.status_code == 200 else str(response.status_code)


def test_every_address_has_its_rows(world: World) -> None:
    assert set(ROWS) == {(method, place) for place in world.urls for method in ("GET", "POST")}
    assert {place.split()[0] for place in world.urls} == {each.name for each in patterns()}


@pytest.mark.parametrize(("method", "place"), ROWS)
def test_who_gets_what(world: World, method: str, place: str) -> None:
    codes = []
    for who, language in zip(WHO, itertools.cycle(("th", "lo", "en"))):
        with undone():
            response = world.visit(who, method, place, language)
        codes.append(code(response))
        is_safe(response)
        if response.status_code != 302 and response["Content-Type"].startswith("text/html"):
            is_well_made(response, language)
    assert dict(zip(WHO, codes, strict=True)) == dict(zip(WHO, ROWS[method, place], strict=True))
