"""What a release says of the project's addresses: they are known where it is built, and not to the repository.

NNNOTES_REPOSITORY is the address of the repository, NNNOTES_BASE_URL that of the site; without them none is shown.
"""

import os
import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Addresses(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        repository = os.environ.get("NNNOTES_REPOSITORY", "").rstrip("/")
        files = f"{repository}/blob/v{metadata['version']}"
        urls = {"Documentation": os.environ.get("NNNOTES_BASE_URL", "")}
        if repository:
            urls["Repository"] = repository
            urls["Issues"] = f"{repository}/issues"
            urls["Changelog"] = f"{files}/CHANGELOG.md"
        metadata["urls"] = {name: url for name, url in urls.items() if url}
        # A link to a file leads nowhere beside a package.
        text = (Path(self.root) / "README.md").read_text(encoding="utf8")
        link = rf"[\1]({files}/\2)" if repository else r"\1"
        text = re.sub(r"\[([^]]*)\]\((?!\w+:|#)([^)]*)\)", link, text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
