"""The training step of TrainStepBenchmark in PyTorch: prints images per second.

AudioCNN with 89 classes and dropout 0.3, focal loss, AdamW, one random batch over and over, on the CPU. Does less than ours,
which also gives the logits and the length of the gradient, as the training loop wants them.
"""

import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F

CHANNELS = [32, 64, 128, 256]
CLASSES = 89
IMAGE = (3, 40, 216)


def audio_cnn():
    layers = []
    for block, (inputs, outputs) in enumerate(zip([IMAGE[0], *CHANNELS], CHANNELS), start=1):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs)]
        # Pooling before ReLU, as ours: the same result for a quarter of ReLU's work.
        layers += [nn.MaxPool2d(2), nn.ReLU()] if block < len(CHANNELS) else [nn.ReLU()]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(CHANNELS[-1], 256), nn.ReLU(), nn.Dropout(0.3)]
    return nn.Sequential(*layers, *head, nn.Linear(256, CLASSES))


def focal(logits, labels, gamma=2.0, alpha=0.25):
    log_p = F.log_softmax(logits, dim=1).gather(1, labels[:, None])[:, 0]
    return (-alpha * (1 - log_p.exp()) ** gamma * log_p).mean()


def step(model, optimizer, features, labels):
    optimizer.zero_grad(set_to_none=True)
    loss = focal(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--layout", choices=["eager", "channels-last"], default="eager")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=float, default=5, help="seconds")
    parser.add_argument("--seconds", type=float, default=10, help="seconds measured")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(42)
    model = audio_cnn().train()
    features = torch.randn(options.batch, *IMAGE)
    labels = torch.randint(CLASSES, (options.batch,))
    if options.layout == "channels-last":
        model = model.to(memory_format=torch.channels_last)
        features = features.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4)

    first = step(model, optimizer, features, labels)
    warm = time.perf_counter() + options.warm_up
    while time.perf_counter() < warm:
        step(model, optimizer, features, labels)
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < options.seconds:
        last = step(model, optimizer, features, labels)
        steps += 1
    elapsed = time.perf_counter() - started
    # The same batch over and over is soon known by heart, or this is no training.
    assert last < first, f"the loss went from {first} to {last}"
    print(f"{steps * options.batch / elapsed:.3f}")


if __name__ == "__main__":
    main()
