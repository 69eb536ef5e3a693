"""Writes what Python's Jinja2, set up as transformers sets it up for chat templates, makes of them. Needs Jinja2 3.1.

Usage: python3 reference.py semantics                  rewrites semantics.json from semantics.txt
       python3 reference.py renderings NODE_OUTPUT     rewrites python-renderings.json from what render.mjs wrote

semantics.txt holds templates, separated by lines of `----`; in semantics.json each stands with its text, or with null where Jinja2
raises an error. python-renderings.json holds, per template, a SHA-256 over each rendering's UTF-8, cut to 8 hex digits, or `error`.
"""
import datetime
import hashlib
import json
import pathlib
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

FOLDER = pathlib.Path(__file__).parent
NOW = datetime.datetime(2024, 7, 6, 15, 4, 5)
MESSAGES = [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]


class Generation(Extension):
    """`{% generation %}` marks what the assistant said; for the text it is a call block that returns its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = NOW.strftime
    return made


def render(source, variables):
    try:
        return environment().from_string(source).render(**variables)
    except Exception:
        return None


def semantics():
    sources = (FOLDER / "semantics.txt").read_text("utf-8").removesuffix("\n").split("\n----\n")
    variables = {"messages": MESSAGES, "tools": None, "documents": None, "add_generation_prompt": False}
    # Characters that text files and editors do not keep at the end of a line have stand-ins.
    sources = [source.replace("␍", "\r").replace("␉", "\t").replace("␠", " ") for source in sources]
    cases = [{"template": source, "text": render(source, variables)} for source in sources]
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in cases)
    document = f'{{\n"jinja": "{jinja2.__version__}",\n"cases": [\n{lines}\n]\n}}\n'
    (FOLDER / "semantics.json").write_text(document, "utf-8")


def digest(text):
    return "error" if text is None else hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def renderings(node_output):
    document = json.loads(pathlib.Path(node_output).read_text("utf-8"))
    digests = {template["name"]: [] for template in document["templates"]}
    for case in document["renderings"]:
        template = document["templates"][case["template"]]
        variables = dict(case["variables"])
        for name, token in (("bos_token", template["bosToken"]), ("eos_token", template["eosToken"])):
            if token is not None:
                variables[name] = token
        digests[template["name"]].append(digest(render(template["source"], variables)))
    lines = ",\n".join(f'  {json.dumps(name)}: {json.dumps(" ".join(made))}' for name, made in digests.items())
    document = f'{{\n"jinja": "{jinja2.__version__}",\n"digests": {{\n{lines}\n}}\n}}\n'
    (FOLDER / "python-renderings.json").write_text(document, "utf-8")


if __name__ == "__main__":
    semantics() if sys.argv[1] == "semantics" else renderings(sys.argv[2])
