package io.keysweep.cli.service;

import io.keysweep.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the options by which the user has narrowed a list, so that the message about an empty list names them. */
final class GivenFilters {

    private final List<String> filters = new ArrayList<>();

    /**
     * Adds an option.
     *
     * @param value value of the option; null if the user has not given it
     */
    GivenFilters with(String option, @Nullable String value) {
        if (value != null) {
            filters.add(option + " " + value);
        }
        return this;
    }

    /**
     * Returns the table; if the user has given a filter, its text for an empty list says that nothing matches.
     *
     * @param noun entry of the list, for example {@code scan}
     */
    <T> Table<T> in(Table<T> table, String noun) {
        return filters.isEmpty()
                ? table
                : table.withEmpty("No " + noun + " matches " + String.join(" ", filters) + ".");
    }
}
