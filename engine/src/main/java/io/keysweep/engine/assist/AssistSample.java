package io.keysweep.engine.assist;

/**
 * Describes one time at the raised settings, for {@link AssistPayoff}.
 *
 * @param seconds how long the settings were raised, s
 * @param reclaimed keys that the server has reclaimed meanwhile, by its own count
 * @param busySeconds the main thread's time that assist took meanwhile, s
 * @param dead the keys that have expired and still hold memory at the end, by the server's samples; below 0 if not known
 * @param stalePercent how many percent of the keys with a TTL these are; 0 if not known
 * @param volatileKeys the keys with a TTL at the end
 */
record AssistSample(
        double seconds, long reclaimed, double busySeconds, long dead, double stalePercent, long volatileKeys) {}
