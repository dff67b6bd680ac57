"""The guide's networks in PyTorch: those of bench/src/models."""

import torch
from torch import nn


def mlp():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(128, 10),
    )


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(128, 10),
    )


class SequenceClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5000, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(256, 4)

    def forward(self, tokens):
        _, (hidden, _) = self.lstm(self.embedding(tokens))
        return self.classifier(torch.cat([hidden[-2], hidden[-1]], dim=1))


class MailClassifier(nn.Module):
    """The network of examples/spam, on mails of 200 tokens down to 161, padded and packed."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(8000, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True, bidirectional=True)
        for name, parameter in self.lstm.named_parameters():
            if name.startswith("bias_ih"):
                parameter.data = torch.cat([torch.zeros(128), torch.full((128,), 2.0), torch.zeros(256)])
        self.dropout = nn.Dropout(0.5)
        self.classifier = nn.Linear(256, 2)

    def forward(self, tokens):
        size = tokens.size(0)
        lengths = torch.tensor([200 - 40 * i // size for i in range(size)])
        embedded = self.dropout(self.embedding(tokens))
        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)
        return self.classifier(self.dropout(torch.cat([hidden[-2], hidden[-1]], dim=1)))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.1, activation="gelu", batch_first=True, norm_first=True)
        # Nested tensors are for padding masks; with norm_first there are none.
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.layers(x).mean(1))


def digits(size):
    return torch.randn(size, 1, 28, 28), torch.randint(0, 10, (size,))


# For each: what builds it, its usual batch size, and what makes a batch.
networks = {
    "mlp": (mlp, 64, digits),
    "cnn": (cnn, 64, digits),
    "lstm": (SequenceClassifier, 64, lambda size: (torch.randint(0, 5000, (size, 100)), torch.randint(0, 4, (size,)))),
    "spam": (MailClassifier, 32, lambda size: (torch.randint(0, 8000, (size, 200)), torch.randint(0, 2, (size,)))),
    "transformer": (Encoder, 16, lambda size: (torch.randn(size, 128, 256), torch.randint(0, 10, (size,)))),
}
