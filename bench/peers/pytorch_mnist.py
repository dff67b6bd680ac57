"""The guide's first programs in PyTorch: `npm run mnist` does the same.

usage: python3 pytorch_mnist.py ROOT [--model mlp|cnn] [--epochs 5]        ROOT holds the four IDX files of MNIST, unpacked
Images are transformed one by one as they are loaded, as ToTensor and Normalize of torchvision do; without torchvision, since there
is no need to decode pictures. The last line is a JSON object: {"seconds", "epoch_seconds", "accuracy", "peak_mb"}.
"""

import argparse
import json
import resource
import statistics
import struct
import sys
import time
from pathlib import Path

start = time.perf_counter()

import torch  # noqa: E402: importing it is part of the job
from torch import nn, optim  # noqa: E402
from torch.utils.data import DataLoader, Dataset  # noqa: E402

from networks import cnn, mlp  # noqa: E402


def read_idx(path):
    """Bytes of any number of dims: two zeros, the type, the number of dims, big-endian sizes, elements."""
    raw = path.read_bytes()
    zero, kind, rank = struct.unpack(">HBB", raw[:4])
    if zero != 0 or kind != 8:
        sys.exit(f"{path}: not an IDX file of bytes")
    sizes = struct.unpack(f">{rank}I", raw[4 : 4 + 4 * rank])
    return torch.frombuffer(bytearray(raw[4 + 4 * rank :]), dtype=torch.uint8).reshape(sizes)


class Digits(Dataset):
    def __init__(self, root, half):
        self.images = read_idx(root / f"{half}-images-idx3-ubyte")
        self.labels = read_idx(root / f"{half}-labels-idx1-ubyte")

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = self.images[index].unsqueeze(0).to(torch.float32).div(255)
        return image.sub(0.1307).div(0.3081), int(self.labels[index])


parser = argparse.ArgumentParser()
parser.add_argument("root", type=Path)
parser.add_argument("--model", choices=["mlp", "cnn"], default="mlp")
parser.add_argument("--epochs", type=int, default=5)
flags = parser.parse_args()

train_loader = DataLoader(Digits(flags.root, "train"), batch_size=64, shuffle=True)
test_loader = DataLoader(Digits(flags.root, "t10k"), batch_size=1000)
model, criterion = {"mlp": mlp, "cnn": cnn}[flags.model](), nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)

epochs = []
for epoch in range(flags.epochs):
    began = time.perf_counter()
    model.train()
    running_loss = 0.0
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    epochs.append(time.perf_counter() - began)
    print(f"Epoch {epoch + 1}/{flags.epochs} - Loss: {running_loss / len(train_loader):.4f}", flush=True)

model.eval()
correct = 0
with torch.no_grad():
    for images, labels in test_loader:
        correct += (model(images).argmax(1) == labels).sum().item()
accuracy = 100 * correct / len(test_loader.dataset)
print(f"Test Accuracy: {accuracy:.2f}%")

# Kilobytes on Linux, bytes on macOS.
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(
    json.dumps(
        {
            "seconds": round(time.perf_counter() - start, 2),
            "epoch_seconds": round(statistics.median(epochs), 2),
            "accuracy": round(accuracy, 2),
            "peak_mb": round(peak / 1e6, 1),
        }
    )
)
