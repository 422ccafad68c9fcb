"""Reading logs: bytes or text of any form to a `LogDocument`, in bounded memory."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.reading.document import read_document
from airflow_provider_wfintel.engine.troubleshooting.reading.window import Window, window_of_stream, window_of_text

__all__ = ["Window", "read_document", "window_of_stream", "window_of_text"]
