"""The page of an explanation: what is in it, and what it does in a browser where there is one."""

import json
import re
import shutil

import planjson
import pytest
from tags import Tags

HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    '"><svg onload="window.hacked = 1">',
    "<!--",
    "]]>",
    "@DATA@",
    "${window.hacked = 1}",
    "\u202egnp.exe",
    "\u2028\u0000\n",
    "&lt;b&gt;",
]
ROWS = [{"id": n, "price": n / 7, "tags": ["a", "b"], "name": f"row {n}"} for n in range(500)]
DOCUMENT = {
    "rows": ROWS,
    "lane": list(range(3000)),
    "short": [1.5] * 3,
    "hostile": {key: {key: 1} for key in HOSTILE},
}


def embedded(html):
    (text,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL
    )
    return json.loads(text)


def test_needs_nothing_else():
    html = planjson.explain(DOCUMENT, analyze=True).to_html()
    for tag, attributes in Tags(html).found:
        assert tag not in ("link", "img", "iframe", "object", "base"), tag
        assert not {"src", "href", "onload", "onclick"} & attributes.keys(), (tag, attributes)
    assert "http:" not in html and "https:" not in html
    assert "default-src 'none'" in html


def test_keys_and_title_are_text():
    want = [tag for tag, _ in Tags(planjson.explain({"rows": 1}).to_html()).found]
    html = planjson.explain(DOCUMENT).to_html(title="<script>@DATA@")
    assert [tag for tag, _ in Tags(html).found] == want
    steps = embedded(html)["step"]
    assert any("<img src=x" in step for step in steps)
    assert "&lt;script&gt;@DATA@" in html


def test_data_is_that_of_to_dict():
    explanation = planjson.explain(DOCUMENT, analyze=True)
    data = embedded(explanation.to_html())
    nodes = explanation.nodes
    assert data["totals"] == explanation.totals
    assert data["parent"] == [-1, *[node["parent"] for node in nodes[1:]]]
    assert data["bytes"] == [node["bytes"] for node in nodes]
    assert [data["kinds"][kind] for kind in data["kind"]] == [node["kind"] for node in nodes]
    assert data["hot"] == [node["id"] for node in nodes if node["hot"]]
    for node in nodes:
        steps, at = [], node["id"]
        while at >= 0:
            steps.append(data["step"][at])
            at = data["parent"][at]
        assert "".join(reversed(steps)) == node["path"]


def test_in_a_notebook():
    html = planjson.explain(DOCUMENT)._repr_html_()
    ((tag, attributes),) = Tags(html).found
    assert tag == "iframe"
    assert attributes["sandbox"] == "allow-scripts"
    assert attributes["srcdoc"].startswith("<!doctype html>")


CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="no Playwright: make test installs it"
    )
    if not CHROMIUM:
        pytest.skip("no Chromium: install chromium or google-chrome to test the page in it")
    with sync_api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=CHROMIUM,
            args=FLAGS,
            headless=True,
            viewport={"width": 1360, "height": 860},
        )
        yield context
        context.close()


@pytest.fixture
def show(browser, tmp_path):
    """Opens the page of an explanation; fails if the browser complains or asks the network."""
    complaints, pages = [], []

    def show(explanation, **look):
        file = tmp_path / "page.html"
        file.write_text(explanation.to_html(), "utf-8")
        page = browser.new_page()
        pages.append(page)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url))
        page.emulate_media(**look)
        page.goto(file.as_uri())
        assert complaints.pop(0) == file.as_uri()
        return page

    yield show
    for page in pages:
        page.close()
    assert complaints == []


def until(page, wanted):
    """Waits; the page's policy forbids playwright's own way, which evaluates text."""
    for _ in range(200):
        if page.evaluate(wanted):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {wanted}")


def labels(page):
    return page.locator("#tree .row .label").all_inner_texts()


def test_opens(show):
    page = show(planjson.explain(DOCUMENT, analyze=True))
    assert labels(page)[:2] == ["$", ".rows"]
    assert page.locator("#times .track").count() == 4  # direct, planned, cached, plan and emit
    assert "Lanes from int" in page.inner_text("#summary")
    assert page.evaluate("window.hacked") is None
    drawn = """() => {
        const canvas = document.getElementById("icicle");
        const area = [0, 0, canvas.width, canvas.height];
        const { data } = canvas.getContext("2d").getImageData(...area);
        return new Set(new Uint32Array(data.buffer)).size;
    }"""
    assert page.evaluate(drawn) > 20


def test_hostile_keys_stay_text(show):
    page = show(planjson.explain(DOCUMENT))
    page.click("#expand")
    page.fill("#search", "hostile")
    until(page, "document.getElementById('found').textContent.endsWith('matches')")
    for row in page.locator("#tree .row").all()[:20]:
        row.click()
    assert page.evaluate("window.hacked") is None
    assert (
        page.locator("#tree script, #tree img, #tree svg, #detail script, #detail img").count() == 0
    )
    assert "\\u202egnp.exe" in "".join(labels(page))


def test_search_and_filters(show):
    page = show(planjson.explain(DOCUMENT, analyze=True))
    page.fill("#search", "PRICE")
    until(page, "document.getElementById('found').textContent === '1 match'")
    assert labels(page) == ["$", ".rows", "[*]", ".price"]
    page.fill("#search", "")
    page.click("[data-show=missed]")
    until(page, "document.querySelectorAll('#tree .row').length === 5")
    assert labels(page) == ["$", ".rows", "[*]", ".tags", ".short"]
    assert page.inner_text("#found") == "2 matches"
    page.click("[data-show=hot]")
    assert page.locator("#tree .row:not(.aside) .fire").count() >= 1
    page.click("[data-show=all]")
    assert labels(page)[0] == "$"


def test_without_times(show):
    page = show(planjson.explain(DOCUMENT))
    assert page.locator("[data-by=time]").is_disabled()
    assert page.locator("[data-show=hot]").is_disabled()
    assert page.locator("#times").is_hidden()


def test_keyboard(show):
    page = show(planjson.explain(DOCUMENT, analyze=True))
    selected = "#tree .row[aria-selected=true] .label"
    page.focus("#tree")
    page.keyboard.press("ArrowDown")
    assert page.inner_text(selected) == ".rows"
    page.keyboard.press("ArrowLeft")
    assert ".price" not in labels(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(selected) == "[*]"
    page.keyboard.press("Enter")
    assert page.locator("#crumbs button").all_inner_texts() == ["$", ".rows", "[*]"]
    page.focus("#icicle")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(selected) == ".id"
    page.keyboard.press("ArrowDown")
    assert page.inner_text(selected) == ".price"
    assert "$.rows[*].price" in page.inner_text("#detail")
    page.keyboard.press("Backspace")
    assert page.locator("#crumbs button").all_inner_texts() == ["$", ".rows"]
    page.keyboard.press("Escape")
    assert page.locator("#crumbs button").all_inner_texts() == ["$"]
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_zoom_by_mouse(show):
    page = show(planjson.explain({"big": {"inner": "x" * 900}, "small": "x" * 100}))
    box = page.locator("#icicle").bounding_box()
    place = {"x": box["width"] / 2, "y": 50}
    page.click("#icicle", position=place)
    assert "$.big" in page.inner_text("#detail")
    page.click("#icicle", position=place)
    assert page.locator("#crumbs button").all_inner_texts() == ["$", ".big"]
    page.click("#crumbs button >> nth=0")
    assert page.locator("#crumbs button").all_inner_texts() == ["$"]


GROUND = "getComputedStyle(document.body).backgroundColor"


def test_light_and_dark(show):
    grounds = []
    for scheme in ("light", "dark"):
        page = show(planjson.explain(DOCUMENT), color_scheme=scheme)
        before = page.evaluate(GROUND)
        page.click("#theme")
        after = page.evaluate(GROUND)
        assert before != after
        page.click("#theme")
        assert page.evaluate(GROUND) == before
        grounds.append((before, after))
    assert grounds[0] == grounds[1][::-1]


def test_stopped(show):
    page = show(planjson.explain({"rows": ROWS, "bad<b>": 1j}))
    assert '$["bad<b>"]' in page.inner_text("#stopped")


# Milliseconds from the beginning until the page has been drawn.
OPENED = "performance.getEntriesByName('drawn')[0].startTime"


def milliseconds(page, action):
    """How long something takes that happens before the next frame, the least of three."""
    script = f"""() => new Promise((done) => {{
        const begin = performance.now();
        {action};
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
    }})"""
    return min(page.evaluate(script) for _ in range(3))


def test_a_hundred_thousand_nodes(show):
    obj = {f"k{n}": {f"key {m} of {n}": m for m in range(990)} for n in range(102)}
    explanation = planjson.explain(obj)
    assert len(explanation) > 100_000
    pages = [show(explanation), show(explanation)]
    assert min(page.evaluate(OPENED) for page in pages) < 2000
    page = pages[-1]  # in front: frames are drawn for no other
    assert page.locator("#tree .row").count() < 80
    page.click("#expand")
    page.evaluate("document.getElementById('tree').scrollTop = 1e7")
    until(page, "document.getElementById('tree').innerText.includes('key 989 of 101')")
    assert page.locator("#tree .row").count() < 80
    assert (
        milliseconds(page, "document.getElementById('tree').scrollTop = 1e6 * Math.random()") < 200
    )
    assert milliseconds(page, "document.getElementById('expand').click()") < 500
    page.fill("#search", "77 of 99")
    until(page, "document.getElementById('found').textContent.endsWith('matches')")


def test_cached_plan(show):
    keys = ["</td><script>hacked=1", "<img src=x onerror=1>", "@DATA@", "&lt;"]
    plan = planjson.compile({"rows": [{key: {"n": 1} for key in keys}]})
    plan.dumps({"rows": [{"other": 1}, {key: {"n": 1} for key in keys}]})
    for scheme in ("light", "dark"):
        page = show(plan.explain(), color_scheme=scheme)
        assert page.locator("script, img, svg").count() == 0
        assert page.evaluate("window.hacked") is None
        assert "50.0 % as guessed" in page.inner_text("main")
        assert "unknown shape" in page.inner_text("[aria-label='Wrong guesses']")
        shape = page.locator("summary", has_text="shape 1: 4 keys")
        assert page.locator("td", has_text="onerror").count() == 1
        assert not page.locator("td", has_text="onerror").is_visible()
        shape.focus()
        page.keyboard.press("Enter")
        assert page.locator("td", has_text="onerror").is_visible()
