"""AudioCNN in PyTorch, the truth for our forward graph, gradients and training steps."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hashing import ROOT, save, uniform

CHANNELS = [32, 64, 128, 256]
CLASSES = 10
BATCHES = {"a": (4, 1000), "b": (3, 1001)}  # name -> clips, hash stream
STEPS = 10
RATES = {"0.001": 1e-3, "0.0003": 3e-4}
DECAY = 1e-4
CLIP = 3  # below the gradient norms of the first steps and above those of the last: Adam is blind to a common factor
STRONG_DECAY = 0.1  # enough for ten steps to show what decays and what does not


class AudioCnn(nn.Module):
    """[batch, 3, 40, 216] -> logits [batch, 10]; returns the embedding too. Dropout off, inputs not standardised."""

    def __init__(self):
        super().__init__()
        widths = [3, *CHANNELS]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(widths, CHANNELS))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b, eps=1e-5, momentum=0.1) for b in CHANNELS)
        self.hidden = nn.Linear(256, 256)
        self.output = nn.Linear(256, CLASSES)

    def forward(self, features):
        x = features
        for block, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            x = norm(convolution(x))
            if block < len(CHANNELS) - 1:
                x = F.max_pool2d(x, 2)
            x = F.relu(x)
        embedding = F.relu(self.hidden(x.mean(dim=(2, 3))))
        return self.output(embedding), embedding

    def tensors(self):
        """name -> parameter, in the order of their hash streams."""
        layers = {}
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms), start=1):
            layers[f"conv{number}.weight"], layers[f"conv{number}.bias"] = convolution.weight, convolution.bias
            layers[f"bn{number}.scale"], layers[f"bn{number}.bias"] = norm.weight, norm.bias
        layers["fc1.weight"], layers["fc1.bias"] = self.hidden.weight, self.hidden.bias
        layers["fc2.weight"], layers["fc2.bias"] = self.output.weight, self.output.bias
        return layers


def initial(name, shape, stream):
    u = uniform(int(np.prod(shape)), stream)
    if name.endswith(".scale"):
        values = 1 + 0.1 * u
    elif name.endswith(".bias"):
        values = 0.1 * u
    else:
        values = u * np.sqrt(6 / np.prod(shape[1:]))
    return values.astype(np.float32).reshape(shape)


def fresh(dtype):
    model = AudioCnn().to(dtype)
    with torch.no_grad():
        for stream, (name, parameter) in enumerate(model.tensors().items()):
            parameter.copy_(torch.from_numpy(initial(name, tuple(parameter.shape), stream)))
    return model


def batch(name, dtype):
    clips, stream = BATCHES[name]
    features = uniform(clips * 3 * 40 * 216, stream).astype(np.float32).reshape(clips, 3, 40, 216)
    return torch.from_numpy(features).to(dtype), torch.arange(clips) * 7 % CLASSES


def focal(logits, labels, gamma=2.0, alpha=0.25):
    log_p = F.log_softmax(logits, dim=1).gather(1, labels[:, None])[:, 0]
    return (-alpha * (1 - log_p.exp()) ** gamma * log_p).mean()


HEADS = {"focal": focal, "cross-entropy": F.cross_entropy}


def save_forward(out):
    for name in BATCHES:
        features, _ = batch(name, torch.float64)
        model = fresh(torch.float64)
        logits, embedding = model.eval()(features)
        save(out / f"evaluation-{name}-logits.npy", logits.detach())
        save(out / f"evaluation-{name}-embedding.npy", embedding.detach())
        logits, embedding = model.train()(features)
        save(out / f"training-{name}-logits.npy", logits.detach())
        save(out / f"training-{name}-embedding.npy", embedding.detach())


def save_statistics(out):
    """What batch normalisation saw and kept in one training-mode forward of batch a."""
    model = fresh(torch.float64)
    seen = []
    for convolution in model.convolutions:
        convolution.register_forward_hook(lambda _, __, x: seen.append(x.detach()))
    model.train()(batch("a", torch.float64)[0])
    for number, (norm, x) in enumerate(zip(model.norms, seen), start=1):
        save(out / f"bn{number}.batch-mean.npy", x.mean(dim=(0, 2, 3)))
        save(out / f"bn{number}.batch-variance-biased.npy", x.var(dim=(0, 2, 3), unbiased=False))
        save(out / f"bn{number}.running-mean.npy", norm.running_mean)
        save(out / f"bn{number}.running-variance.npy", norm.running_var)


def gradients(head, name):
    """(loss, parameter name -> float64 gradient) of one training-mode pass."""
    model = fresh(torch.float64)
    features, labels = batch(name, torch.float64)
    loss = HEADS[head](model.train()(features)[0], labels)
    loss.backward()
    return loss.item(), {key: value.grad.numpy() for key, value in model.tensors().items()}


def summary(grads):
    """[20, 5]: per parameter the L2 norm, then its dot products with the hash streams 3000 + 4t .. 3003 + 4t."""
    rows = []
    for t, grad in enumerate(grads.values()):
        flat = grad.ravel()
        rows.append([np.linalg.norm(flat), *(flat @ uniform(flat.size, 3000 + 4 * t + k) for k in range(4))])
    return np.array(rows)


def train(head, rate, decay, dtype, clip=math.inf):
    """(loss before each of ten AdamW steps on the batches a, b, a, b, ..., L2 norm of each parameter after them)"""
    model = fresh(dtype).train()
    weights = [each for each in model.parameters() if each.dim() > 1]
    others = [each for each in model.parameters() if each.dim() == 1]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8)
    seen = []
    for step in range(STEPS):
        features, labels = batch("ab"[step % 2], dtype)
        loss = HEADS[head](model(features)[0], labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        seen.append(loss.item())
    return seen, [each.detach().norm().item() for each in model.tensors().values()]


README = """AudioCNN with 10 classes by PyTorch {version}, written by tools/golden/audiocnn.py; computed in double, stored as float32.

u(i, stream) is defined in tools/golden/hashing.py. i counts a tensor's elements in PyTorch's C order: convolutions
[out, in, 3, 3], linear layers [out, in]. Stream t is a parameter's place in this order, from 0: for block 1 to 4
convN.weight, convN.bias, bnN.scale, bnN.bias; then fc1.weight, fc1.bias, fc2.weight, fc2.bias.
  weight  float32(u * sqrt(6 / fan_in))        bias  float32(0.1 * u)        scale  float32(1 + 0.1 * u)
  running mean 0, running variance 1 at the start
Batch a is [4, 3, 40, 216] of float32(u(i, 1000)), batch b is [3, 3, 40, 216] of float32(u(i, 1001)); label of clip j is
j * 7 mod 10. Dropout is off, the standardisation before the first convolution is mean 0, deviation 1.

evaluation-X-logits, -embedding   batch X through the initial model in evaluation mode (running statistics 0 and 1)
training-X-logits, -embedding     batch X through the initial model in training mode (statistics of the batch)
bnN.batch-mean, .batch-variance-biased      what block N's convolution gave for batch a (variance divided by n)
bnN.running-mean, .running-variance         after one training-mode pass of batch a: 0.9 * old + 0.1 * batch. PyTorch
                                            puts the UNBIASED variance (divided by n - 1) into the running variance,
                                            and normalises by the biased one
HEAD-X-loss            mean loss [1] of batch X, initial model, training mode; HEAD is focal (softmax form, gamma 2,
                       alpha 0.25) or cross-entropy
focal-a-gradient-P     the whole gradient of parameter P for batch a
HEAD-X-gradients       [20, 5]: per parameter t the L2 norm of its gradient and its dot products with u(i, 3000 + 4t + k),
                       k = 0..3
HEAD-losses-LR-float64, -float32   the loss before each of ten AdamW steps (lr LR, betas 0.9 and 0.999, eps 1e-8, decoupled
                       weight decay 1e-4 on weights, none on biases and scales) on batches a, b, a, b, ..., computed in that
                       precision. Their difference is what rounding alone can do: up to 5e-3 relative at lr 0.001 by the
                       last step, 2e-5 at 0.0003; which side of that a run falls on changes with the number of threads
cross-entropy-decay-0.1-losses, -norms   the same in double at lr 0.0003 with weight decay 0.1, and the L2 norm [20] of each
                       parameter after the ten steps. At 1e-4 ten steps do not show what decays; at 0.1, decay on biases and
                       scales, too, would change the last loss by 2e-4 and their norms by 3e-4 relative, and no decay would
                       change those of the weights by 3e-4. Rounding changes the norms by 3e-5 at most, but for the
                       convolutions' biases
cross-entropy-clip-3-losses   the losses in double at lr 0.0003 where the gradient of all parameters together is cut to the L2
                       norm 3 (clip_grad_norm_) before each step. Without it the last would be 1e-2 less, relative; cut to
                       1.5, 2e-3 more

A convolution's bias is undone by the batch normalisation after it: its gradient is zero but for rounding, so compare it
absolutely. AdamW makes whole steps of that rounding, so where training takes such a bias means nothing.
"""


def main():
    out = ROOT / "training/src/test/resources/golden/audiocnn"
    out.mkdir(parents=True, exist_ok=True)
    save_forward(out)
    save_statistics(out)
    for head in HEADS:
        for name in BATCHES:
            loss, grads = gradients(head, name)
            save(out / f"{head}-{name}-loss.npy", loss)
            save(out / f"{head}-{name}-gradients.npy", summary(grads))
            if (head, name) == ("focal", "a"):
                for key, grad in grads.items():
                    save(out / f"focal-a-gradient-{key}.npy", grad)
        for rate, value in RATES.items():
            for dtype in ("float64", "float32"):
                save(out / f"{head}-losses-{rate}-{dtype}.npy", train(head, value, DECAY, getattr(torch, dtype))[0])
    losses, norms = train("cross-entropy", RATES["0.0003"], STRONG_DECAY, torch.float64)
    save(out / "cross-entropy-decay-0.1-losses.npy", losses)
    save(out / "cross-entropy-decay-0.1-norms.npy", norms)
    save(out / f"cross-entropy-clip-{CLIP}-losses.npy", train("cross-entropy", RATES["0.0003"], DECAY, torch.float64, CLIP)[0])
    (out / "README").write_text(README.format(version=torch.__version__.split("+")[0]))


if __name__ == "__main__":
    main()
