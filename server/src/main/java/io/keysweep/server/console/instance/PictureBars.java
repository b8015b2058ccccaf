package io.keysweep.server.console.instance;

import io.keysweep.api.InsightView;
import io.keysweep.api.InsightView.Count;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Converts the classes of a picture of keys to rows of tables, each with a bar in an SVG that is 100 units wide.
 *
 * <p>A picture is an estimate of how many keys are in each class: by the time left to live, by type, and by memory.
 *
 * <p>The methods that templates call are public.
 *
 * @param ttl the keys by the time that they have left to live, the dead ones first
 * @param types the live keys by type
 * @param sizes the live keys by memory
 */
record PictureBars(List<Bar> ttl, List<Bar> types, List<Bar> sizes) {

    /**
     * Describes one class and its bar. The highest upper end of the intervals of a table fills the whole width.
     *
     * @param name the name of the class in the API; empty for a class of sizes
     * @param below the upper limit of a class of sizes in bytes; null for the largest keys and for other classes
     * @param count the estimated number of keys in the class, with its 95 % interval
     * @param share the part of all keys of the table, 0 to 1
     * @param width the length of the bar, 0 to 100, as text
     * @param lowest where the interval of the count begins, 0 to 100, as text
     * @param range the length of the interval, 0 to 100, as text
     */
    record Bar(
            String name, @Nullable Long below, Count count, double share, String width, String lowest, String range) {}

    /** Describes a class before the widths of its table are known. */
    private record Part(String name, @Nullable Long below, Count count) {}

    /** Returns the rows of a picture. */
    static PictureBars of(InsightView.Picture picture) {
        return new PictureBars(
                bars(picture.ttl().stream()
                        .map(part -> new Part(part.remaining(), /* below= */ null, part.count()))
                        .toList()),
                bars(picture.types().stream()
                        .map(part -> new Part(part.type(), /* below= */ null, part.count()))
                        .toList()),
                bars(picture.sizes().stream()
                        .map(part -> new Part(/* name= */ "", part.below(), part.count()))
                        .toList()));
    }

    /** Returns the rows of one table. */
    private static List<Bar> bars(List<Part> parts) {
        long totalKeys = parts.stream().mapToLong(part -> part.count().keys()).sum();
        long highestCount =
                parts.stream().mapToLong(part -> part.count().highest()).max().orElse(0);
        return parts.stream().map(part -> bar(part, totalKeys, highestCount)).toList();
    }

    /** Creates the row of a class from the sum of its table and the largest upper end of its intervals. */
    private static Bar bar(Part part, long totalKeys, long highestCount) {
        Count count = part.count();
        return new Bar(
                part.name(),
                part.below(),
                count,
                totalKeys == 0 ? 0 : (double) count.keys() / totalKeys,
                length(count.keys(), highestCount),
                length(count.lowest(), highestCount),
                length(count.highest() - count.lowest(), highestCount));
    }

    /** Returns a length as text, where {@code highestCount} keys are 100. */
    private static String length(long keys, long highestCount) {
        return String.format(Locale.ROOT, "%.1f", highestCount == 0 ? 0 : 100.0 * keys / highestCount);
    }
}
