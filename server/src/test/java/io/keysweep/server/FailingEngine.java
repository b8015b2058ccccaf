package io.keysweep.server;

import io.keysweep.engine.sweep.SweepEngine;
import java.lang.reflect.Proxy;
import java.util.Iterator;

/** Creates engines whose calls all fail. */
public final class FailingEngine {

    private FailingEngine() {}

    /** Returns an engine that throws the next exception at each call. */
    public static SweepEngine throwing(Iterator<? extends RuntimeException> failures) {
        return (SweepEngine) Proxy.newProxyInstance(
                SweepEngine.class.getClassLoader(), new Class<?>[] {SweepEngine.class}, (proxy, method, arguments) -> {
                    throw failures.next();
                });
    }
}
