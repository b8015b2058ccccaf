package io.keysweep.engine.assist;

/**
 * Describes one period of raised settings; {@link AssistPayoff} decides from such samples whether assist continues.
 *
 * <p>Assist raises the settings of a server's own expiry for short times, at most 250 ms each.
 *
 * @param seconds how long the settings were raised, in seconds
 * @param gained the number of keys that the server has reclaimed in this time, by its own count, minus those that it
 *     would have counted at its former settings
 * @param busySeconds the main thread's time that assist took in this time, in seconds
 * @param dead the keys that have expired and still hold memory at the end, by the server's samples; below 0 if not
 *     known
 * @param stalePercent {@code dead} as a percentage of the keys with a TTL, 0 to 100; 0 if not known
 * @param volatileKeys the keys with a TTL at the end
 */
record AssistSample(
        double seconds, long gained, double busySeconds, long dead, double stalePercent, long volatileKeys) {}
