"""Texts in languages that are not read are refused by name; names and quotes may be in any letters."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.reading.language import require_known_words, unread_language
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.exceptions import EmptyInputError, UnknownLanguageError


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("毎晩S3のファイルをSnowflakeにロードして、Slackに通知する", "Japanese"),
        ("データをコピー", "Japanese"),
        ("매일 밤 S3 파일을 Snowflake 테이블에 넣기", "Korean"),
        ("매일 아침 S3 to Snowflake 데이터를 복사하고 알림", "Korean"),
        ("انسخ الملفات من S3 إلى Snowflake كل ليلة", "Arabic"),
        ("Αντίγραψε τα αρχεία από το S3 στο Snowflake", "Greek"),
        ("हर रात S3 से Snowflake में फ़ाइल लोड करें", "Devanagari"),
        ("คัดลอกไฟล์จาก S3 ไปยัง Snowflake ทุกคืน", "Thai"),
        ("העתק קבצים מ-S3 ל-Snowflake בכל לילה", "Hebrew"),
        ("Каждую ночь загрузи файлы из S3 в Snowflake", "Cyrillic"),
    ],
)
def test_letters_that_are_not_read_are_refused_by_name(text, named):
    with pytest.raises(UnknownLanguageError, match=f"in {named}") as caught:
        generate(text)
    assert "write it in English" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Lataa joka yö tiedostot S3:sta ja vie ne Snowflakeen.", "Finnish"),
        ("Minden éjjel töltse le az S3 fájlokat és tegye be egy Snowflake táblába.", "Hungarian"),
        ("Her gece S3 dosyaları indir ve sonra Snowflake için yükle.", "Turkish"),
        ("Codziennie pobierz pliki z S3 i załaduj do Snowflake.", "Polish"),
        ("Každý den stáhni soubory z S3 a nahraj je do Snowflake.", "Czech"),
        ("Ladda varje natt filer från S3 till Snowflake.", "Swedish"),
        ("Hent alle filer fra S3 hver nat og last dem.", "Danish"),
        ("În fiecare zi încarcă fișierele din S3 în Snowflake.", "Romanian"),
    ],
)
def test_unread_languages_in_latin_letters_are_refused_by_name(text, named):
    with pytest.raises(UnknownLanguageError, match=f"in {named}"):
        generate(text)


def test_many_words_of_which_none_is_known_are_refused():
    with pytest.raises(UnknownLanguageError, match="no word of the description"):
        generate("Kila usiku pakua faili kutoka S3 halafu upakie kwenye Snowflake")


def test_where_a_part_was_understood_there_is_a_question_instead():
    answer = generate(
        "Every day at 6:00 load s3://in/a.csv: dan ambil semua data dari tabel yang lalu untuk jam kemudian"
    )
    assert [item.text for item in answer.clarifications if item.about == "language"] == [
        "The description seems to be in Indonesian, which is not read: steps may be missing. "
        "Say it in English, German, French, Spanish, Portuguese or Chinese?"
    ]


@pytest.mark.parametrize("text", ["!!! ???", "123 456", "🙂🙂🙂", "0 6 * * *", "— … →"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(EmptyInputError, match="holds no words") as caught:
        generate(text)
    assert "describe" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "Post the row count of the Postgres table sales to the Slack channel #売上通知チーム",
        'Post "おはようございます、朝のまとめです" to the Slack channel #general',
        "Load the file `/data/отчёт-продажи-регионы.csv` into Snowflake",
        "Load 売上データ集計テーブル to the S3 bucket x and mail the team",
        "每天早上六点把S3里的文件加载到Snowflake",
        "Kopiere jede Nacht die Dateien aus S3 nach Snowflake",
        "Copie todos os dias os arquivos do S3 para o Snowflake",
        "Copiez chaque nuit les fichiers de S3 dans Snowflake",
        "nightly: dump orders, gzip, upload s3://backup/x.gz, ping #ops",
    ],
)
def test_read_languages_and_foreign_names_in_them_go_through(text):
    answer = generate(text)
    assert answer.spec.tasks[0].action != "none"
    assert not [item for item in answer.clarifications if item.about == "language"]


@pytest.mark.parametrize("text", ["van der Berg invoices", "Zalando orders z", "Export the Dag Hammarskjold hall plan"])
def test_one_foreign_word_names_no_language(text):
    assert unread_language(text) == ""


def test_telegram_style_of_few_words_is_no_foreign_language():
    assert require_known_words("churn report", "churn report", understood=False) == ""
