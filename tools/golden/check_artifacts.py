"""Checks our ONNX artifacts with tools that share no code with us. Usage: check_artifacts.py [FOLDER]

Every model.onnx below FOLDER (models/onnx) must pass onnx.checker's full check with strict shape inference, use no
operator outside ONNX's own domains, and give what its test_data_set_N folders say (input_I.pb, output_I.pb: ONNX's own
layout) in OpenCV and in onnx's reference evaluator. An operator that OpenCV lacks leaves the judgement to the other; a
model that neither can run fails.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from hashing import ROOT

TOLERANCE = 1e-4  # largest difference, relative to the largest magnitude of the output


class Mismatch(Exception):
    """What is wrong with an artifact, in one line."""


def tensors(folder, kind):
    files = sorted(folder.glob(f"{kind}_*.pb"), key=lambda file: int(file.stem.split("_")[1]))
    return [numpy_helper.to_array(onnx.load_tensor(file)) for file in files]


def check(path):
    onnx.checker.check_model(path, full_check=True)
    model = onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True, data_prop=True)
    onnx.checker.check_model(model, full_check=True)
    domains = {entry.domain for entry in model.opset_import} | {node.domain for node in model.graph.node}
    foreign = domains - {"", "ai.onnx"}
    if foreign:
        raise Mismatch(f"uses operators outside ONNX: {', '.join(sorted(foreign))}")
    return model


def input_names(model):
    stored = {tensor.name for tensor in model.graph.initializer}
    return [value.name for value in model.graph.input if value.name not in stored]


def run_opencv(path, names, outputs, inputs):
    network = cv2.dnn.readNetFromONNX(str(path))
    for name, values in zip(names, inputs):
        network.setInput(values, name)
    return network.forward(outputs)


def run_reference(path, names, outputs, inputs):
    return ReferenceEvaluator(str(path)).run(outputs, dict(zip(names, inputs)))


RUNTIMES = {"opencv": run_opencv, "reference": run_reference}


def difference(expected, found):
    """The largest difference relative to the largest magnitude; scalars may come back as [1]."""
    found = np.asarray(found)
    if found.size != expected.size or (found.ndim > 1 and found.shape != expected.shape):
        raise Mismatch(f"shape {list(found.shape)} where {list(expected.shape)} is stored")
    wide = expected.astype(np.float64).ravel()
    if not np.isfinite(found).all():
        raise Mismatch("a value that is not finite")
    return float(np.abs(found.astype(np.float64).ravel() - wide).max() / max(np.abs(wide).max(), 1e-12))


def compare(run, path, model, folder):
    """Largest relative difference over the stored outputs, or why the runtime cannot tell."""
    outputs = [value.name for value in model.graph.output]
    inputs, expected = tensors(folder, "input"), tensors(folder, "output")
    if len(inputs) != len(input_names(model)) or len(expected) != len(outputs):
        raise Mismatch(f"{folder.name} has {len(inputs)} inputs and {len(expected)} outputs, the model wants "
                       f"{len(input_names(model))} and {len(outputs)}")
    try:
        found = run(path, input_names(model), outputs, inputs)
    except Exception as error:  # each runtime has its own way to say that it lacks an operator
        return f"cannot run: {' '.join(str(error).split())[:160]}"
    return max(difference(want, got) for want, got in zip(expected, found, strict=True))


def judge(path):
    """One cell a runtime; raises Mismatch where the artifact is wrong."""
    model = check(path)
    folders = sorted(path.parent.glob("test_data_set_*"))
    if not folders:
        raise Mismatch("no test_data_set_0 beside it")
    cells = {}
    for name, run in RUNTIMES.items():
        results = [compare(run, path, model, folder) for folder in folders]
        refusals = [result for result in results if isinstance(result, str)]
        cells[name] = refusals[0] if refusals else max(results)
    for name, cell in cells.items():
        if isinstance(cell, float) and cell > TOLERANCE:
            raise Mismatch(f"{name} differs by {cell:.1e} relative, {TOLERANCE:.0e} allowed")
    if all(isinstance(cell, str) for cell in cells.values()):
        raise Mismatch("; ".join(f"{name} {cell}" for name, cell in cells.items()))
    return cells


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models/onnx"
    models = sorted(folder.rglob("model.onnx"))
    if not models:
        sys.exit(f"no model.onnx below {folder}")
    failed = 0
    print(f"{'artifact':32} {'checker':8} " + " ".join(f"{name:12}" for name in RUNTIMES))
    for path in models:
        label = str(path.parent.relative_to(folder))
        try:
            cells = judge(path)
        except (Mismatch, onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            failed += 1
            print(f"{label:32} FAILED   {' '.join(str(error).split())}")
            continue
        row = " ".join(f"{cell:<12.1e}" if isinstance(cell, float) else f"{'-':12}" for cell in cells.values())
        print(f"{label:32} {'ok':8} {row}".rstrip())
        for name, cell in cells.items():
            if isinstance(cell, str):
                print(f"    {name} {cell}")
    sys.exit(f"{failed} of {len(models)} artifacts failed" if failed else 0)


if __name__ == "__main__":
    main()
