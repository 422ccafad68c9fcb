"""`wfintel validate`: a report for every file, and a status that CI can use."""

from __future__ import annotations

import json


def test_a_good_file_passes(wfintel, tmp_path, good_file):
    (tmp_path / "good.py").write_text(good_file)
    status, out, err = wfintel("validate", tmp_path / "good.py")
    assert (status, err) == (0, "")
    assert "passed" in out


def test_one_bad_file_among_good_ones_fails_the_call(wfintel, tmp_path, good_file, broken_file):
    (tmp_path / "good.py").write_text(good_file)
    (tmp_path / "bad.py").write_text(broken_file)
    status, out, _ = wfintel("validate", tmp_path / "good.py", tmp_path / "bad.py", "--json")
    reports = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [item["ok"] for item in reports] == [True, False]
    assert reports[1]["issues"][0]["check"] == "syntax"


def test_it_does_not_execute_the_file(wfintel, tmp_path):
    proof = tmp_path / "proof"
    (tmp_path / "evil.py").write_text(f"open({str(proof)!r}, 'w').close()\n")
    wfintel("validate", tmp_path / "evil.py")
    assert not proof.exists()


def test_a_missing_file_is_an_error(wfintel, tmp_path):
    status, out, err = wfintel("validate", tmp_path / "missing.py")
    assert (status, out) == (1, "")
    assert "there is no file" in err


def test_modules_of_the_house_are_allowed_by_name(wfintel, tmp_path, good_file):
    file = tmp_path / "house.py"
    file.write_text(f"import house.tables\nimport os\n{good_file}\nprint_name = (house.tables, os)\n")
    status, out, _ = wfintel("validate", file)
    assert status == 1
    assert "the module house.tables is not on the allow-list" in out
    assert "wfintel validate --allow house" in out
    status, out, _ = wfintel("validate", file, "--allow", "house")
    assert (status, "house.tables" in out) == (1, False)
    assert wfintel("validate", file, "--allow", "house", "--allow", "os")[0] == 0, out
