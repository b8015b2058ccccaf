package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;

/** What is done to a service. Each comes as often as it is in the {@link FaultInjector}'s deck. */
enum Fault {
    KILL("kill -9 of a process"),
    KILL_TWO("kill -9 of two processes at once"),
    FREEZE("SIGSTOP past the heartbeat limit, then SIGCONT"),
    BLINK("SIGSTOP for a moment, then SIGCONT"),
    TERMINATE("SIGTERM of a process"),
    DATABASE_RESTART("restart of the database (fast)"),
    DATABASE_CRASH("crash of the database (immediate), with recovery"),
    HOLD("global hold, released");

    final String words;

    Fault(String words) {
        this.words = words;
    }

    /** All, kills and freezes more often. */
    static List<Fault> all() {
        List<Fault> deck = new ArrayList<>(List.of(values()));
        deck.addAll(List.of(KILL, KILL, KILL, FREEZE, FREEZE));
        return deck;
    }
}
