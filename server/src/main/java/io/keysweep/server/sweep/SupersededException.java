package io.keysweep.server.sweep;

/** Thrown to a worker whose sweep another worker has claimed since; the worker stops and writes nothing more. */
final class SupersededException extends RuntimeException {

    SupersededException(SweepKey key) {
        super("Another worker has taken up the execution of sweep " + key + ".");
    }

    SupersededException(SweepKey key, int attempt) {
        super("A newer attempt than " + attempt + " has claimed sweep " + key + ".");
    }
}
