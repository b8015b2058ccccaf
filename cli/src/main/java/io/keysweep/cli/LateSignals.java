package io.keysweep.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Receives signals while the JVM shuts down; without it, the JVM ignores signals after the first signal.
 *
 * <p>It uses {@code sun.misc.Signal}, which every JDK has in its module {@code jdk.unsupported}. It uses reflection,
 * because the compiler warns about this class, and no annotation suppresses the warning.
 */
final class LateSignals {

    private LateSignals() {}

    /**
     * Runs an action each time one of the signals arrives, on a thread of its own. A signal that this process has
     * ignored since its start stays ignored. On a JVM without this facility, nothing happens.
     *
     * @param names names of the signals without {@code SIG}
     */
    static void handle(List<String> names, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object receiver = Proxy.newProxyInstance(
                    LateSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            for (String name : names) {
                signal.getMethod("handle", signal, handler)
                        .invoke(
                                /* obj= */ null,
                                signal.getConstructor(String.class).newInstance(name),
                                receiver);
            }
        } catch (ReflectiveOperationException e) {
            // The command then ends as after a single signal.
        }
    }
}
