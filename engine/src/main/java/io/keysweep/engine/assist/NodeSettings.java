package io.keysweep.engine.assist;

import io.keysweep.engine.assist.AssistDriver.AssistOutcome;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes settings of one server with CONFIG, and keeps values that another client has set.
 *
 * <p>Assist raises settings for a while. Before each change the current values are read. A value that is neither the
 * former nor the raised one belongs to another client and is not changed. Exception: if another client changes a setting
 * in the round trip between the reading and the change, its value is overwritten. All changes are sent at once, so that
 * a distant server has the settings raised for no longer than intended. Every method that sends a command throws {@link
 * io.keysweep.engine.link.LinkBrokenException} if the connection breaks. Used by one thread.
 */
final class NodeSettings {

    private final NodeLink link;

    NodeSettings(NodeLink link) {
        this.link = link;
    }

    /** Returns the current values by name; {@code unknown} for a setting that the server refuses to report or lacks. */
    Map<String, String> read(List<String> names) {
        return ServerSettings.read(link, names).values();
    }

    /**
     * Sets each setting to the value that it has, which changes nothing, to find out whether the user may change it.
     *
     * @return the error of the first command that the server refuses; null if it allows all
     */
    @Nullable String trySetting(Map<String, String> currentValues) {
        List<Command> commands = new ArrayList<>();
        currentValues.forEach((name, value) -> commands.add(set(name, value)));
        for (Reply reply : link.call(commands).replies()) {
            if (reply instanceof Reply.Failure failure) {
                return failure.message();
            }
        }
        return null;
    }

    private static Command set(String name, String value) {
        return Command.of("CONFIG", "SET", name, value);
    }

    /**
     * Reads the settings, and returns the ending of assist if a setting does not have its former value; null if all
     * have it.
     */
    @Nullable AssistOutcome requireFormer(List<SettingChange> changes) {
        return require(changes, SettingChange::former);
    }

    /**
     * Reads the settings, and returns the ending of assist if a setting does not have its raised value; null if all
     * have it.
     */
    @Nullable AssistOutcome requireRaised(List<SettingChange> changes) {
        return require(changes, SettingChange::raised);
    }

    private @Nullable AssistOutcome require(List<SettingChange> changes, Function<SettingChange, String> expected) {
        Map<String, String> currentValues = read(names(changes));
        for (SettingChange change : changes) {
            String value = currentValues.get(change.name());
            if (!expected.apply(change).equals(value)) {
                return unexpected(change, String.valueOf(value), expected.apply(change));
            }
        }
        return null;
    }

    /**
     * Sends the changes to the raised values, in their order, in one round trip.
     *
     * @return null if the server has accepted all of them; otherwise the ending of assist. Some settings may be raised
     *     then, and the caller must restore their former values
     */
    @Nullable AssistOutcome raise(List<SettingChange> changes) {
        List<Reply> replies = link.call(changes.stream()
                        .map(change -> set(change.name(), change.raised()))
                        .toList())
                .replies();
        for (int i = 0; i < changes.size(); i++) {
            if (replies.get(i) instanceof Reply.Failure failure) {
                return new AssistOutcome(
                        AssistEnding.REFUSED,
                        "the server refuses CONFIG SET " + changes.get(i).name() + ": " + failure.message());
            }
        }
        return null;
    }

    /** Returns the ending of assist because a setting does not have the expected value, or cannot be read. */
    private static AssistOutcome unexpected(SettingChange change, String value, String expected) {
        return value.equals(ServerSettings.UNKNOWN)
                ? new AssistOutcome(AssistEnding.LOST, unreported(change))
                : new AssistOutcome(
                        AssistEnding.CHANGED_BY_OTHERS,
                        change.name() + " is " + value + " and not " + expected + ", so another client has changed it");
    }

    /** Returns a part of a sentence, which says that a setting can no longer be read. */
    static String unreported(SettingChange change) {
        return "the server no longer reports " + change.name();
    }

    /**
     * Returns whether the user is not allowed to read settings. Unlike the error of a busy server, this does not pass
     * with time.
     */
    boolean isForbidden() {
        return link.call("CONFIG", "GET", ServerSettings.HZ) instanceof Reply.Failure failure
                && ServerErrors.isForbidden(failure);
    }

    /**
     * Restores the former value of each setting that still has the raised one.
     *
     * @return the outcome for each setting, in the order of the changes
     */
    List<SettingOutcome> restore(List<SettingChange> changes) {
        lower(changes, read(names(changes)));
        return inspect(changes);
    }

    /**
     * Sends the changes to the former values, in one round trip, for the settings that have the raised one. The last
     * change comes first, so that the effort is lowered before values are freed on the main thread again. Error replies
     * are ignored, because {@link #inspect} then shows that the setting is still raised.
     *
     * @param currentValues the values by name that {@link #read} has just returned
     */
    void lower(List<SettingChange> changes, Map<String, String> currentValues) {
        List<Command> commands = changes.reversed().stream()
                .filter(change -> change.raised().equals(currentValues.get(change.name())))
                .map(change -> set(change.name(), change.former()))
                .toList();
        if (!commands.isEmpty()) {
            link.call(commands);
        }
    }

    /** Reports the outcome for each setting, in the order of the changes, without changing anything. */
    List<SettingOutcome> inspect(List<SettingChange> changes) {
        Map<String, String> currentValues = read(names(changes));
        return changes.stream()
                .map(change -> outcome(change, String.valueOf(currentValues.get(change.name()))))
                .toList();
    }

    private static SettingOutcome outcome(SettingChange change, String value) {
        if (value.equals(change.former())) {
            return new SettingOutcome(change, value, State.RESTORED);
        }
        // A value that cannot be read may be the raised one.
        boolean isRaised = value.equals(change.raised()) || value.equals(ServerSettings.UNKNOWN);
        return new SettingOutcome(change, value, isRaised ? State.STILL_RAISED : State.LEFT_TO_OTHERS);
    }

    /** Returns the names of the settings, in the order of the changes. */
    static List<String> names(List<SettingChange> changes) {
        return changes.stream().map(SettingChange::name).toList();
    }
}
