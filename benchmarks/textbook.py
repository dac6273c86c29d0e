"""One training step as a course writes it down: dictionaries, formulas, no checks."""

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)


def relu(Z):
    return np.maximum(0, Z)


def forward(X, parameters, L, activation):
    caches = {"A0": X}
    A = X
    for l in range(1, L + 1):
        Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
        if l < L:
            A = relu(Z) if activation == "relu" else np.tanh(Z)
        else:
            A = sigmoid(Z) if Z.shape[0] == 1 else softmax(Z)
        caches["Z" + str(l)] = Z
        caches["A" + str(l)] = A
    return A, caches


def compute_cost(A, Y):
    m = Y.shape[1]
    if Y.shape[0] == 1:
        return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    return -np.sum(Y * np.log(A)) / m


def backward(Y, parameters, caches, L, activation):
    m = Y.shape[1]
    gradients = {}
    dZ = caches["A" + str(L)] - Y
    for l in range(L, 0, -1):
        gradients["dW" + str(l)] = np.dot(dZ, caches["A" + str(l - 1)].T) / m
        gradients["db" + str(l)] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dA = np.dot(parameters["W" + str(l)].T, dZ)
            if activation == "relu":
                dZ = dA * (caches["Z" + str(l - 1)] > 0)
            else:
                dZ = dA * (1 - caches["A" + str(l - 1)] ** 2)
    return gradients


def update(parameters, gradients, L, learning_rate):
    for l in range(1, L + 1):
        for name in ("W" + str(l), "b" + str(l)):
            gradient = gradients["d" + name]
            parameters[name] = parameters[name] - learning_rate * gradient
    return parameters
