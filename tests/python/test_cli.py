"""The command line, as a process of its own."""

import json
import os
import re
import subprocess
import sys

import planjson
import pytest
from runners import GUESSES

DOCUMENT = {"rows": [{"id": n, "tags": ["a"]} for n in range(100)], "ints": list(range(50))}


def run(*arguments, stdin=b"", env=None, rich=True):
    """Exit code, standard output, standard error; no traceback whatever happens."""
    start = "import sys; sys.modules['rich'] = None; " if not rich else ""
    program = f"{start}from planjson._cli import main; raise SystemExit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
        timeout=300,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return done.returncode, done.stdout.decode(), err


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "document.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_as_a_module(file):
    done = subprocess.run(
        [sys.executable, "-m", "planjson", "explain", str(file)], capture_output=True, check=True
    )
    assert done.stdout.decode() == str(planjson.explain(DOCUMENT))


def test_version():
    assert run("--version") == (0, f"planjson {planjson.__version__}\n", "")


class TestExplain:
    def test_tree(self, file):
        code, out, err = run("explain", file)
        assert (code, out, err) == (0, str(planjson.explain(DOCUMENT)), "")

    def test_standard_input(self, file):
        assert run("explain", "-", stdin=file.read_bytes())[:2] == run("explain", file)[:2]

    def test_forms(self, file):
        explanation = planjson.explain(DOCUMENT)
        assert json.loads(run("explain", file, "--format", "json")[1]) == explanation.to_dict()
        assert run("explain", file, "--format", "mermaid")[1] == explanation.to_mermaid()
        assert run("explain", file, "--format", "dot")[1] == explanation.to_dot()

    def test_limits(self, file):
        code, out, _ = run("explain", file, "--depth", "1", "--width", "1")
        assert code == 0 and out.count("$") == 3 and "... 3 more" in out
        assert run("explain", file, "--depth", "0")[1] == str(
            planjson.explain(DOCUMENT, depth=None)
        )
        explanation = planjson.explain(DOCUMENT)
        for form, draw in (("mermaid", explanation.to_mermaid), ("dot", explanation.to_dot)):
            shown = run("explain", file, "--format", form, "--depth", "1", "--width", "0")[1]
            assert shown == draw(depth=1, width=None) != draw(depth=2, width=None)

    def test_analyze(self, file):
        _, out, _ = run("explain", file, "--analyze")
        assert "emitting" in out and "ns" in out

    def test_values(self, file):
        out = run("explain", file, "--values", "--format", "json")[1]
        assert '"example":"0"' in out

    def test_page_and_drawing(self, file, tmp_path):
        page, drawing = tmp_path / "out.html", tmp_path / "out.svg"
        code, out, err = run("explain", file, "--html", page, "--svg", drawing)
        assert (code, out, err) == (0, "", "")
        assert "<title>document.json</title>" in page.read_text("utf-8")
        assert drawing.read_text("utf-8").startswith("<svg")

    def test_not_serializable(self):
        code, out, err = run("explain", "-", stdin=b'{"a": [1, 123456789012345678901234]}')
        assert code == 3
        assert "stopped at $.a[1]" in out
        assert "64-bit" in err and "$.a[1]" in err


class TestTrouble:
    @pytest.mark.parametrize("command", [["explain"], ["bench"], ["lines", "--explain"]])
    def test_files(self, command, tmp_path):
        for file in (tmp_path / "no such file", tmp_path):
            code, out, err = run(*command, file)
            assert (code, out) == (1, ""), file
            assert err.startswith("planjson: ") and str(file) in err and err.count("\n") == 1

    def test_long_paths(self):
        code, out, err = run("explain", "-", stdin=b"[" * 300 + b"]" * 300)
        assert code == 3
        assert err.startswith("planjson: standard input: Recursion limit reached (at $[0][0]")
        assert err.endswith("...)\n") and len(err) < 300
        assert max(map(len, out.splitlines())) < 300

    def test_folder(self, tmp_path):
        for command in ("explain", "bench", "lines"):
            assert run(command, tmp_path) == (1, "", f"planjson: {tmp_path}: Is a directory\n")

    @pytest.mark.parametrize(
        "raw", [b"", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b'{"a": nope}'], ids=repr
    )
    def test_not_json(self, raw):
        code, out, err = run("explain", "-", stdin=raw)
        assert (code, out) == (1, "")
        assert err.startswith("planjson: -: ") and err.count("\n") == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["no-such-command"],
            ["explain"],
            ["explain", "x", "--format", "yaml"],
            ["explain", "x", "--depth", "-1"],
            ["bench", "x", "--seconds", "0"],
            ["bench", "x", "--seconds", "soon"],
        ],
        ids=" ".join,
    )
    def test_arguments(self, arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "usage: planjson" in err

    def test_cannot_write(self, file, tmp_path):
        code, _, err = run("explain", file, "--html", tmp_path / "none" / "x.html")
        assert code == 1 and "none" in err

    def test_reader_goes_away(self, file):
        child = subprocess.Popen(
            [sys.executable, "-m", "planjson", "explain", str(file), "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        child.stdout.close()
        err = child.stderr.read()
        child.wait()
        assert err == b""
        child.stderr.close()


class TestTerminal:
    def on_terminal(self, *arguments, env=None, rich=True):
        """What comes out of a pseudo terminal."""
        start = "import sys; sys.modules['rich'] = None; " if not rich else ""
        program = f"{start}from planjson._cli import main; raise SystemExit(main())"
        pty = pytest.importorskip("pty")
        parent, child = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdout=child,
            stderr=child,
            env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **(env or {})},
        )
        os.close(child)
        out = b""
        try:
            while chunk := os.read(parent, 65536):
                out += chunk
        except OSError:  # Linux says so at the end.
            pass
        os.close(parent)
        assert process.wait() == 0
        return out.decode()

    def test_colors_on_a_terminal_only(self, file):
        assert "\x1b[" not in run("explain", file)[1]
        assert "\x1b[" in self.on_terminal("explain", file)
        plain = re.sub(r"\x1b\[\d*m", "", self.on_terminal("explain", file))
        assert plain.replace("\r\n", "\n") == str(planjson.explain(DOCUMENT))

    @pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
    def test_no_color(self, file, env):
        assert "\x1b[" not in self.on_terminal("explain", file, env=env)

    @pytest.mark.parametrize("rich", [True, False])
    def test_progress_goes_away(self, file, rich):
        if rich:
            pytest.importorskip("rich")
        out = self.on_terminal("bench", file, "--seconds", "0.2", rich=rich)
        assert " %" in out or "%\x1b" in out
        table = out[out.rindex("\x1b[2K" if rich else "\x1b[K") :]
        assert "planjson dumps()" in table and "document.json: json" not in table

    def test_ascii(self):
        code, out, _ = run(
            "explain", "-", stdin='{"größe\u202e": 1}'.encode(), env={"PYTHONIOENCODING": "ascii"}
        )
        assert code == 0
        assert "gr\\xf6\\xdfe\\u202e" in out

    def test_turning_characters(self):
        out = run("explain", "-", stdin='{"a\u202eb": 1}'.encode())[1]
        assert "\u202e" not in out and "a\\u202eb" in out


@pytest.mark.parametrize("rich", [True, False])
class TestBench:
    def test_ways(self, file, rich):
        code, out, err = run("bench", file, file, "--seconds", "0.01", rich=rich)
        assert (code, err) == (0, "")
        assert out.count("planjson dumps()") == out.count("planjson plan().emit()") == 2
        assert out.index("plan().emit()") < out.index("\njson ")
        for name in ("planjson dumps(plan=True)", "json"):
            assert name in out
        first = next(line for line in out.splitlines() if "planjson dumps()" in line)
        assert "1.00" in first and "same" in first

    def test_not_serializable(self, file, tmp_path, rich):
        bad = tmp_path / "bad.json"
        bad.write_text("[123456789012345678901234567890]")
        code, out, err = run("bench", bad, file, "--seconds", "0.01", rich=rich)
        assert code == 3
        assert "64-bit" in err and "document.json" in out


class TestLines:
    def test_one_shape(self):
        stream = b'{"a": 1, "b": [1, 2]}\n' * 100
        code, out, err = run("lines", "-", "--explain", stdin=stream)
        assert (code, err) == (0, "")
        assert "100 lines, 2,200 B: 100 documents, 0 empty, 0 no JSON" in out
        assert "shapes: 1\n" in out
        right, wrong = (
            ("98.0", "unknown shape 2 x") if GUESSES else ("0.0", "no table of str keys 100 x")
        )
        assert re.search(
            rf"cached plan: {right} % of 100 dicts as guessed, \d\.\d\d of the time of", out
        )
        assert re.search(r"would (pay|make no difference|not pay)\n", out)
        assert f"wrong at $: {wrong}" in out and "another object" not in out
        assert "100.0 % of the lines have the shape of the line before" in out
        assert "$[*].b" in out

    def test_two_shapes_in_turn(self):
        stream = b'{"a": 1}\n{"b": 1}\n' * 100
        out = run("lines", "-", "--explain", stdin=stream)[1]
        assert "shapes: 2\n" in out
        assert "0.0 % of the lines have the shape of the line before" in out
        assert "99.5 % one of the last 8 shapes" in out

    def test_no_shape_again(self):
        stream = "".join(f'{{"k{n}": 1}}\n' for n in range(100)).encode()
        out = run("lines", "-", "--explain", "--top", "3", stdin=stream)[1]
        assert "cached plan: 0.0 % of 100 dicts as guessed" in out
        assert out.split("stability")[0].count("{k") == 3

    def test_what_makes_a_shape(self):
        same = [b"[1]", b"[1, 2]", b"[3, 4, 5]"]
        assert "shapes: 1\n" in run("lines", "-", "--explain", stdin=b"\n".join(same))[1]
        others = [b"1", b"1.5", b'"a"', b"null", b"true", b"[]", b"{}", b'[1, "a"]', b'{"a": 1}']
        others += [b'{"a": null}', b'{"a": 1, "b": 1}', b'{"b": 1, "a": 1}']
        out = run("lines", "-", "--explain", stdin=b"\n".join(others))[1]
        assert f"shapes: {len(others)}\n" in out

    def test_without_explain(self):
        code, out, _ = run("lines", "-", stdin=b"1\n\n2")
        assert (code, out) == (0, "3 lines, 4 B: 2 documents, 1 empty, 0 no JSON\n")

    def test_bad_lines(self):
        code, out, err = run("lines", "-", "--explain", stdin=b"1\nnope\n2\n[\n")
        assert code == 1
        assert "2 documents, 0 empty, 2 no JSON" in out
        assert "line 2" in err

    def test_empty(self):
        assert run("lines", "-", "--explain", stdin=b"")[0] == 0

    def test_one(self):
        code, out, _ = run("lines", "-", "--explain", stdin=b'{"a": 1}')
        assert code == 0 and "1 line, 8 B: 1 document, 0 empty" in out
        assert "there is only one document" in out

    def test_lines_that_cannot_be_written_again(self):
        code, out, err = run("lines", "-", "--explain", stdin=b'{"a": 1}\n' * 3 + b"[%d]" % 2**70)
        assert (code, err) == (0, "")
        assert "there are lines that cannot be written again" in out
        assert "stopped at $[3][0]: Integer exceeds 64-bit range" in out

    def test_memory_does_not_grow_with_the_stream(self, tmp_path):
        resource = pytest.importorskip("resource")
        del resource
        file = tmp_path / "lines.jsonl"
        with file.open("wb") as out:
            for _ in range(100):
                out.write(b'{"a": "%s"}\n' % (b"x" * 500) * 2000)
        program = (
            "import resource; from planjson._cli_lines import read; "
            "start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
            f"stream = read({str(file)!r}); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start, stream.lines)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
        grown, lines = map(int, done.stdout.split())
        assert lines == 200_000
        assert grown < 20_000  # kilobytes, of a file of 102,000
