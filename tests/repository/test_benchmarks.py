"""The benchmarks' harness: turns, spreads, the table and the file of results."""

import json

import pytest

from benchmarks import autoencoder, codes, conv_vae, grading, harness, invented_class, report, vae
from lib.support.errors import UserError

MACHINE = {"processor": "a processor", "cores": 2, "threads": 1, "system": "Linux", "python": "3.11.7",
           **dict.fromkeys(report.LIBRARIES, "1.0")}
SPREAD = {"median": 2.0, "min": 1.0, "max": 4.0}
RESULTS = {"work": "an epoch", "repetitions": 3, "machine": MACHINE, "load_average_before": 0.1,
           "contenders": {"slow": {"about": "as usual", "seconds": SPREAD, "reached": 7.5,
                                   "peak_memory_bytes": 10 ** 9},
                          "fast": {"about": "ours", "seconds": SPREAD, "reached": None, "peak_memory_bytes": None}},
           "ratios": {"slow / fast": SPREAD}, "commands": {"run.py --help": {"seconds": SPREAD}},
           "peak_memory_bytes_in_turn": None}


def test_contenders_take_turns_after_a_round_that_does_not_count():
    calls = []
    contenders = [harness.Contender(name, "", lambda name=name: lambda: calls.append(name)) for name in "abc"]
    seconds, _ = harness._time_in_turn(contenders, 2, None)
    assert calls == list("abc" * 3)
    assert {name: len(taken) for name, taken in seconds.items()} == {"a": 2, "b": 2, "c": 2}


def test_the_spread_is_median_smallest_and_largest():
    assert harness._spread([3.0, 1.0, 20.0]) == {"median": 3.0, "min": 1.0, "max": 20.0}


def test_every_row_of_the_table_is_as_wide_as_its_head():
    lines = [line for line in report.table(RESULTS).splitlines() if line.startswith("|")]
    tables = [lines[:5], lines[5:]]
    assert all(len(set(map(len, rows))) == 1 for rows in tables)
    assert "| slow          |    2.00 | 1.00 | 4.00 |     1.00 GB |    7.50 |" in lines


def test_a_benchmark_leaves_the_results_of_others_in_the_file(tmp_path):
    file = tmp_path / "results.json"
    assert report.read(file) == {}
    report.write(file, {"gan": RESULTS})
    report.write(file, {**report.read(file), "vae": RESULTS})
    assert json.loads(file.read_text()) == {"gan": RESULTS, "vae": RESULTS}


@pytest.mark.parametrize("text", ["no JSON", "[]"])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    (tmp_path / "file").write_text(text)
    with pytest.raises(UserError, match="does not hold results"):
        report.read(tmp_path / "file")


@pytest.mark.parametrize("benchmark", [autoencoder, codes, conv_vae, vae])
def test_without_mnist_the_benchmark_ends_with_one_line_and_code_2(benchmark, tmp_path, capsys):
    assert benchmark.main(["--data_dir", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("benchmark", "products"), [(vae, 14), (autoencoder, 11)])
def test_the_floor_is_the_products_of_each_step(benchmark, products, monkeypatch):
    """Three for each layer, two for those that read the data."""
    import torch
    calls = []
    monkeypatch.setattr(torch, "mm", lambda left, right, out: calls.append((left.shape, right.shape)))
    benchmark.floor()()
    assert len(calls) == products * benchmark.STEPS


def test_ways_of_drawing_codes_are_compared_over_all_seeds():
    found = {16: [{"prior": 1.0, "kde": 0.5}, {"prior": 3.0, "kde": 0.5}], 2: [{"prior": 2.0, "kde": 0.25}]}
    assert codes.table(found) == ["| Fréchet distance | 16 dimensions | 2 dimensions |", "|---|---:|---:|",
                                  "| prior | 2.00 (1.00 to 3.00) | 2.00 (2.00 to 2.00) |",
                                  "| kde | 0.50 (0.50 to 0.50) | 0.25 (0.25 to 0.25) |"]


@pytest.mark.parametrize("main, words", [(grading.main, []), (invented_class.main, ["new"])])
def test_a_class_has_sheets_of_the_course(main, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--sheets", "9"]) == 2
    assert "argument --sheets: 9: give the number of a sheet" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
