"""How jupyter nbconvert executes notebooks: as it always does, but each cell's last outputs are waited for."""

from nbconvert.exporters import Exporter
from nbconvert.preprocessors import ExecutePreprocessor

from draining import Draining


class DrainingPreprocessor(Draining, ExecutePreprocessor):
    pass


PREPROCESSORS = [
    DrainingPreprocessor if name.endswith(".ExecutePreprocessor") else name
    for name in Exporter.default_preprocessors.default()
]
