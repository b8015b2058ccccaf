package io.keysweep.server.console.fleet;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.console.fleet.FleetRow.Health;
import io.keysweep.server.instance.InstanceObservation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects and orders the instances that the overview shows. An unknown value of a filter selects everything.
 *
 * @param name text that the name, the address or a tag contains, in upper or lower case; empty for all
 * @param state wire name of a {@link Health}; empty for all
 * @param tag a tag such as {@code env=prod}, or a key such as {@code env} for every value; empty for all
 * @param version kind and version of the server such as {@code redis 7.0.15}; empty for all
 * @param sort order of the rows
 * @param page number of the page, from 1
 */
record FleetFilter(String name, String state, String tag, String version, Sort sort, int page) {

    /** Number of rows on a page. Pages are sent without compression, and the first load must stay below 150 kB. */
    static final int ROWS_PER_PAGE = 25;

    private static final int MAX_TEXT_LENGTH = 200;

    /** Lists the orders of the rows. Rows that are equal are ordered by name. */
    enum Sort {
        /** Orders by health: the instances that need an operator come first. */
        HEALTH,
        /** Orders by name, from A to Z. */
        NAME,
        /** Orders by backlog (number of dead keys): the largest comes first, and unknown backlogs come last. */
        BACKLOG,
        /** Orders by the keys reclaimed in 30 days: the most come first. */
        RECLAIMED,
        /** Orders by used memory: the most comes first, and unknown memory comes last. */
        MEMORY,
        /** Orders by the last scan: the latest comes first, and instances without a scan come last. */
        SCANNED;

        /** Returns the name in URLs, which is also the end of the key in the message catalogue. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the order as a comparator of rows. */
        private Comparator<FleetRow> order() {
            return switch (this) {
                case HEALTH -> Comparator.comparing(FleetRow::health);
                case NAME -> Comparator.comparing(row -> row.name().toLowerCase(Locale.ROOT));
                case BACKLOG -> descending(FleetRow::deadKeys);
                case RECLAIMED -> descending(FleetRow::reclaimedMonth);
                case MEMORY -> descending(FleetFilter::usedMemory);
                case SCANNED -> descending(FleetFilter::scannedAt);
            };
        }
    }

    private static @Nullable Long usedMemory(FleetRow row) {
        InstanceObservation observation = row.observation();
        return observation == null ? null : observation.usedMemory();
    }

    private static @Nullable Long scannedAt(FleetRow row) {
        Instant scannedAt = row.scannedAt();
        return scannedAt == null ? null : (Long) scannedAt.toEpochMilli();
    }

    /** Reads the number to order by from a row; null if it is not known. */
    private interface OrderFigure {
        @Nullable Long of(FleetRow row);
    }

    private static Comparator<FleetRow> descending(OrderFigure figure) {
        return Comparator.comparingLong(row -> {
            Long number = figure.of(row);
            // Unknown numbers come last, because every known number, negated, is at most 0.
            return number == null ? 1 : -number;
        });
    }

    /** Reads the parameters of a request. */
    static FleetFilter of(Map<String, String> parameters) {
        String page = parameters.getOrDefault("page", "");
        return new FleetFilter(
                text(parameters, "name"),
                text(parameters, "state"),
                text(parameters, "tag"),
                text(parameters, "version"),
                Arrays.stream(Sort.values())
                        .filter(sort -> sort.wireName().equals(parameters.get("sort")))
                        .findFirst()
                        .orElse(Sort.HEALTH),
                // With at most 6 digits, no offset can overflow.
                page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1);
    }

    private static String text(Map<String, String> parameters, String name) {
        String text = parameters.getOrDefault(name, "").strip();
        return ForeignText.beginning(text, MAX_TEXT_LENGTH);
    }

    /** Returns the rows of all pages that the filter selects, in its order. */
    List<FleetRow> select(List<FleetRow> rows) {
        return rows.stream()
                .filter(this::matches)
                .sorted(sort.order().thenComparing(FleetRow::name))
                .toList();
    }

    /**
     * Returns this filter with the last page instead of a page beyond it, for example because instances were removed.
     *
     * @param found number of rows that the filter selects
     */
    FleetFilter withinPages(int found) {
        int lastPage = Math.max(1, Math.ceilDiv(found, ROWS_PER_PAGE));
        return page <= lastPage ? this : new FleetFilter(name, state, tag, version, sort, lastPage);
    }

    /** Returns the selected rows of the page; none if the page is beyond the last page. */
    List<FleetRow> page(List<FleetRow> selected) {
        return selected.stream()
                .skip((long) (page - 1) * ROWS_PER_PAGE)
                .limit(ROWS_PER_PAGE)
                .toList();
    }

    private boolean matches(FleetRow row) {
        boolean stateMatches = state.isEmpty()
                || Arrays.stream(Health.values())
                        .noneMatch(health -> health.wireName().equals(state))
                || row.health().wireName().equals(state);
        boolean versionMatches = version.isEmpty() || row.server().equals(version);
        return stateMatches && versionMatches && tagMatches(row) && textMatches(row);
    }

    private boolean tagMatches(FleetRow row) {
        int equals = tag.indexOf('=');
        Map<String, String> tags = row.tags().values();
        return tag.isEmpty()
                || (equals < 0
                        ? tags.containsKey(tag)
                        : tag.substring(equals + 1).equals(tags.get(tag.substring(0, equals))));
    }

    private boolean textMatches(FleetRow row) {
        String part = name.toLowerCase(Locale.ROOT);
        return row.name().toLowerCase(Locale.ROOT).contains(part)
                || row.uri().toLowerCase(Locale.ROOT).contains(part)
                || row.tags().values().entrySet().stream()
                        .anyMatch(each -> (each.getKey() + "=" + each.getValue())
                                .toLowerCase(Locale.ROOT)
                                .contains(part));
    }

    /** Returns whether the filter selects by name, state, tag or version. */
    public boolean narrows() {
        return !(name.isEmpty() && state.isEmpty() && tag.isEmpty() && version.isEmpty());
    }

    /** Returns the query of the URL of a page with the same filter, without its question mark. */
    public String query(int number) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("name", name);
        parameters.put("state", state);
        parameters.put("tag", tag);
        parameters.put("version", version);
        parameters.put("sort", sort == Sort.HEALTH ? "" : sort.wireName());
        parameters.put("page", number == 1 ? "" : Integer.toString(number));
        return parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
