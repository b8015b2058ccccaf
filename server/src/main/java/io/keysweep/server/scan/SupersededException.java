package io.keysweep.server.scan;

/** Another worker has taken this sweep up since; whoever is told so stops and writes nothing more. */
final class SupersededException extends RuntimeException {

    SupersededException(SweepKey key) {
        super("The execution of sweep " + key + " has been taken up by another worker.");
    }

    SupersededException(SweepKey key, int attempt) {
        super("Attempt " + attempt + " of sweep " + key + " has been superseded.");
    }
}
