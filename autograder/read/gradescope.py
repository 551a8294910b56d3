"""Gradescope's export says in a file of its own who handed in which folder, several people together where they did."""

from __future__ import annotations

from typing import Any

METADATA = "submission_metadata.yml"


def submitters(listing: bytes) -> dict[str, list[dict[str, str]]]:
    r"""Return for each folder of an export the people who handed it in: name, student number and e-mail address.

    What Ruby calls its own types is read as plain data; where that cannot be done, nobody is known.

    Examples
    --------
    >>> submitters(b"submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '7'\n    :email: ada@uni.edu\n")
    {'submission_1': [{'name': 'Ada', 'id': '7', 'login': 'ada@uni.edu'}]}
    """
    import yaml

    class Plain(yaml.SafeLoader):
        """Reads tags of Ruby as what they stand before."""

    def plain(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else node.value

    Plain.add_multi_constructor("!ruby/", plain)
    try:
        said = yaml.load(listing, Loader=Plain)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    found: dict[str, list[dict[str, str]]] = {}
    for folder, about in said.items() if isinstance(said, dict) else ():
        together = about.get(":submitters", []) if isinstance(about, dict) else []
        persons = [p for p in together if isinstance(p, dict) and (p.get(":sid") or p.get(":email") or p.get(":name"))]
        if persons:
            found[str(folder)] = [
                {key: str(p.get(said) or "") for key, said in (("name", ":name"), ("id", ":sid"), ("login", ":email"))}
                for p in persons
            ]
    return found
