"""Columns that a list is said to have are fields of its rows."""

from msgspec import inspect

from api.pages.columns import COLUMNS
from api.pages.declared import rows_in
from api.serving.questions import QUESTIONS


def test_every_column_is_a_field_of_the_rows() -> None:
    rows = {}
    for question in QUESTIONS:
        info = inspect.type_info(question.answer)
        for field in getattr(info, "fields", ()):
            if field.name == rows_in(question.answer) and isinstance(field.type, inspect.ListType):
                item = field.type.item_type
                if isinstance(item, inspect.StructType):
                    rows[question.name] = {one.encode_name for one in item.fields}
    for name, columns in COLUMNS.items():
        assert set(columns) <= rows[name], name
