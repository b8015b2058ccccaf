package io.keysweep.engine.assist;

import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes settings of one server with CONFIG, and never overwrites a value that another client has set.
 *
 * <p>Before each change it reads the present value. A value that is neither the former nor the raised one belongs to
 * another client and stays. Between that reading and the change lies one round trip, in which a change by others can
 * still be lost. Used by one thread.
 */
final class NodeSettings {

    private final NodeLink link;

    NodeSettings(NodeLink link) {
        this.link = link;
    }

    /** Returns the present values by name; {@code unknown} for a setting that the server refuses to report or lacks. */
    Map<String, String> read(List<String> names) {
        List<Command> commands =
                names.stream().map(name -> Command.of("CONFIG", "GET", name)).toList();
        List<Reply> replies = link.call(commands).replies();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), value(replies.get(i)));
        }
        return values;
    }

    private static String value(Reply reply) {
        return reply instanceof Reply.Items items
                        && items.values().size() == 2
                        && items.values().get(1) instanceof Reply.Text text
                ? text.value()
                : ServerSettings.UNKNOWN;
    }

    /**
     * Sets each setting to the value that it has, which changes nothing, to find out whether the user may change it.
     *
     * @return why the server refuses, as part of a sentence; null if it allows all
     */
    @Nullable String refusal(Map<String, String> present) {
        List<Command> commands = new ArrayList<>();
        present.forEach((name, value) -> commands.add(Command.of("CONFIG", "SET", name, value)));
        for (Reply reply : link.call(commands).replies()) {
            if (reply instanceof Reply.Failure failure) {
                return failure.message();
            }
        }
        return null;
    }

    /**
     * Raises the settings, if all of them have their former values.
     *
     * @return why not all were raised, as part of a sentence; null if all were. The caller then puts back what was raised
     */
    @Nullable String raise(List<SettingChange> changes) {
        Map<String, String> present = read(names(changes));
        for (SettingChange change : changes) {
            String value = present.get(change.name());
            if (!change.former().equals(value)) {
                return otherValue(change, String.valueOf(value), change.former());
            }
        }
        for (SettingChange change : changes) {
            if (link.call("CONFIG", "SET", change.name(), change.raised()) instanceof Reply.Failure failure) {
                return "the server refuses CONFIG SET " + change.name() + ": " + failure.message();
            }
        }
        return valuesOfOthers(changes, read(names(changes)));
    }

    /** Returns which raised setting has another value by now, as part of a sentence; null if all are as they were set. */
    static @Nullable String valuesOfOthers(List<SettingChange> changes, Map<String, String> present) {
        for (SettingChange change : changes) {
            String value = present.get(change.name());
            if (!change.raised().equals(value)) {
                return otherValue(change, String.valueOf(value), change.raised());
            }
        }
        return null;
    }

    private static String otherValue(SettingChange change, String value, String expected) {
        return change.name() + " is " + value + " and not " + expected + ", so another client has changed it";
    }

    /** Puts back the former value of each setting that still has the raised one, the last change first. */
    List<SettingOutcome> restore(List<SettingChange> changes) {
        Map<String, String> present = read(names(changes));
        for (SettingChange change : changes.reversed()) {
            if (change.raised().equals(present.get(change.name()))) {
                link.call("CONFIG", "SET", change.name(), change.former());
            }
        }
        return inspect(changes);
    }

    /** Reports what has become of the changes, without changing anything. */
    List<SettingOutcome> inspect(List<SettingChange> changes) {
        Map<String, String> present = read(names(changes));
        return changes.stream()
                .map(change -> outcome(change, String.valueOf(present.get(change.name()))))
                .toList();
    }

    private static SettingOutcome outcome(SettingChange change, String value) {
        if (value.equals(change.former())) {
            return new SettingOutcome(change, value, State.RESTORED);
        }
        // A value that cannot be read may be the raised one.
        boolean raised = value.equals(change.raised()) || value.equals(ServerSettings.UNKNOWN);
        return new SettingOutcome(change, value, raised ? State.STILL_RAISED : State.LEFT_TO_OTHERS);
    }

    static List<String> names(List<SettingChange> changes) {
        return changes.stream().map(SettingChange::name).toList();
    }
}
