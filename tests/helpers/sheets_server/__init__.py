"""A Google Sheets (v4) and Drive (v3) server for tests: loopback HTTP that answers, and refuses, as Google does.

    with running_server() as server:
        book = server.create("Отчёт", locale="ru_RU")
        book.share(email)
        client = gspread.authorize(Credentials.from_service_account_info(server.key_file(email)), session=...)
        server.route(session)                      # requests to Google's hosts come here
        server.faults.add("503", at=2, after=True, only="write")
        server.quota.enforced = True; server.clock.advance(60)
        book.batch_update({"insertDimension": ...})   # what the owner does meanwhile

By hand: `python -m tests.helpers.sheets_server --port 8765`.
"""

from .running import AnswerError, Book, LoopbackAdapter, Server, running_server

__all__ = ["AnswerError", "Book", "LoopbackAdapter", "Server", "running_server"]
