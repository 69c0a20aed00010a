import json

from simulation.calibration import Row, report, routing


def instance(folder):
    """Write one routing instance in the public layout: two patients, a travel matrix of three places."""
    patients = [
        {"time_window": [480.0, 600.0], "required_caregivers": [{"duration": 15}, {"duration": 30}]},
        {"time_window": [600.0, 660.0], "required_caregivers": [{"duration": 45}]},
    ]
    places = {"patients": patients, "distances": [[0, 5, 9], [5, 0, 7], [9, 7, 0]]}
    (folder / "one.json").write_text(json.dumps(places))


def test_a_row_knows_whether_it_is_within_its_source():
    row = Row("visit_mean", "minutes", 25.0, 24, 28, "domain 1.4")
    assert row.is_within
    assert Row("visit_mean", "minutes", 29.0, 24, 28, "domain 1.4").is_within is False
    assert Row("visit_mean", "minutes", 29.0, None, None, "routing").is_within is None


def test_report_compares_a_delivery_with_sources(hard, tmp_path):
    out, _ = hard
    instance(tmp_path)
    rows, pictures = report(out, 2_000, tmp_path)
    figures = {row.figure: row for row in rows}
    assert figures["visit_mean"].is_within is not None
    assert 15 < figures["visit_mean"].simulated < 40
    assert figures["performed_of_granted"].simulated < 1
    assert sum(row.low is None for row in rows) == 12
    assert [picture.name for picture in pictures] == ["starts by hour", "visit minutes", "minutes between visits"]
    for picture in pictures:
        for values in picture.series.values():
            assert len(values) == len(picture.labels)
            assert abs(sum(values) - 1) < 0.01


def test_report_without_instances_leaves_them_out(hard):
    out, _ = hard
    rows, pictures = report(out, 2_000)
    assert all(row.low is not None for row in rows)
    assert [list(picture.series) for picture in pictures] == [["simulated"], ["simulated"]]


def test_routing_reads_durations_windows_and_travel(tmp_path):
    instance(tmp_path)
    found = routing(tmp_path)
    assert sorted(found["duration"].tolist()) == [15, 30, 45]
    assert found["width"].tolist() == [120, 60]
    assert sorted(t for t in found["travel"].tolist() if t < 100) == [5, 5, 7, 7, 9, 9]


def test_public_instances_are_read(data_dir):
    found = routing(data_dir / "hhcrsp_italian")
    assert len(found["duration"]) > 100
    assert 15 <= found["duration"].mean() <= 90
