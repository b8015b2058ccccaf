package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;

/** Lists the faults that a {@link FaultInjector} can inject; the description of each constant says what happens. */
enum Fault {
    KILL("kill -9 of a process"),
    KILL_TWO("kill -9 of two processes at once"),
    FREEZE("SIGSTOP past the heartbeat limit, then SIGCONT"),
    BLINK("SIGSTOP for a moment, then SIGCONT"),
    TERMINATE("SIGTERM of a process"),
    DATABASE_RESTART("restart of the database (fast)"),
    DATABASE_CRASH("crash of the database (immediate), with recovery"),
    HOLD("global hold, released");

    /** The description of the fault in output and JSON. */
    final String description;

    Fault(String description) {
        this.description = description;
    }

    /** Returns a deck that contains each fault once, and three more kills and two more freezes. */
    static List<Fault> all() {
        List<Fault> deck = new ArrayList<>(List.of(values()));
        deck.addAll(List.of(KILL, KILL, KILL, FREEZE, FREEZE));
        return deck;
    }
}
