package io.keysweep.engine.insight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes the keys of a server by remaining time, size and type, as estimated from a sample.
 *
 * @param ttl the keys by the time that they have left to live, in the order of {@link RemainingTtl}
 * @param living the live keys
 * @param livingVolatile the live keys that have a TTL
 * @param sizes the live keys by their memory, ascending; empty if it was not measured
 * @param types the live keys by type, the most frequent first; empty if they were not read
 * @param meanBytes the mean memory of a live key in bytes; null if it was not measured
 * @param meanVolatileBytes the mean memory of a live key with a TTL in bytes; null if it was not measured
 * @param readKeys the number of keys whose TTL was read
 * @param measuredKeys the number of keys whose type and memory were read
 * @param unreadKeys the number of keys in the sample whose TTL could not be read; no other count includes them
 * @param namesLeft whether names left the server: those of the sampled keys, because it refuses scripts, or those of
 *     dead keys that it removed, because prefixes were requested
 * @param notes what the user should know about gaps in this picture, as sentences
 */
public record KeyPicture(
        List<TtlBin> ttl,
        KeyCount living,
        KeyCount livingVolatile,
        List<SizeBin> sizes,
        List<TypeBin> types,
        @Nullable Long meanBytes,
        @Nullable Long meanVolatileBytes,
        long readKeys,
        long measuredKeys,
        long unreadKeys,
        boolean namesLeft,
        List<String> notes) {

    private static final double SECONDS_PER_MINUTE = 60;
    private static final double SECONDS_PER_TEN_MINUTES = 600;
    private static final double SECONDS_PER_HOUR = 3_600;

    /** The upper limits of the classes of sizes, bytes; the last class has none. */
    private static final List<Long> SIZES = List.of(64L, 256L, 1L << 10, 4L << 10, 16L << 10, 64L << 10, 1L << 20);

    /**
     * Counts the keys that have a certain time left to live.
     *
     * @param remaining the class of the remaining time
     * @param count the number of keys in the class
     */
    public record TtlBin(RemainingTtl remaining, KeyCount count) {}

    /**
     * Counts the live keys of a certain size.
     *
     * @param below the upper limit of the class in bytes, exclusive; null for the largest keys
     * @param count the number of keys in the class
     */
    public record SizeBin(@Nullable Long below, KeyCount count) {}

    /**
     * Counts the live keys of one type.
     *
     * @param type the type as the server names it, for example {@code hash}. Escape the text before you show it
     * @param count the number of keys of the type
     */
    public record TypeBin(String type, KeyCount count) {}

    public KeyPicture {
        ttl = List.copyOf(ttl);
        sizes = List.copyOf(sizes);
        types = List.copyOf(types);
        notes = List.copyOf(notes);
    }

    /**
     * Returns the upper limits of the classes of sizes in bytes, ascending; keys above all limits form one more class.
     */
    public static List<Long> sizeLimits() {
        return SIZES;
    }

    /** Returns the number of keys with a certain time left to live. */
    public KeyCount count(RemainingTtl remaining) {
        return ttl.stream()
                .filter(bin -> bin.remaining == remaining)
                .findFirst()
                .map(TtlBin::count)
                .orElse(KeyCount.NONE);
    }

    /**
     * Returns how many keys die in a second at present. It is the mean of the next hour. If clearly more keys die in
     * the next ten minutes or in the next minute, it is the mean of that time. "Clearly more" means that the mean is
     * still higher after two standard deviations are subtracted for chance. Example: 5,000 keys are written in each
     * second with a TTL of a minute. Then 300,000 keys die in the next minute, and nothing is known of the rest of the
     * hour.
     */
    public double dyingPerSecond() {
        KeyCount minute = count(RemainingTtl.UNDER_1_MIN);
        KeyCount tenMinutes = minute.plus(count(RemainingTtl.UNDER_10_MIN));
        KeyCount hour = tenMinutes.plus(count(RemainingTtl.UNDER_1_H));
        return Math.max(
                hour.keys() / SECONDS_PER_HOUR,
                Math.max(leastNumber(tenMinutes) / SECONDS_PER_TEN_MINUTES, leastNumber(minute) / SECONDS_PER_MINUTE));
    }

    /**
     * Returns a lower bound for the number of keys that usually die in a time. It is the lower end of the interval,
     * minus two standard deviations for chance.
     */
    private static double leastNumber(KeyCount count) {
        double lowest = count.lowest();
        return Math.max(0, lowest - 2 * Math.sqrt(lowest));
    }

    /**
     * Adds up the pictures of a deployment's servers. A mean is weighted by the keys of each server; it is null if a
     * server with keys has no mean.
     */
    public static KeyPicture sum(List<KeyPicture> pictures) {
        if (pictures.size() == 1) {
            return pictures.getFirst();
        }
        List<TtlBin> ttl = Arrays.stream(RemainingTtl.values())
                .map(remaining -> new TtlBin(
                        remaining,
                        KeyCount.sum(pictures.stream()
                                .map(picture -> picture.count(remaining))
                                .toList())))
                .toList();

        // A server without live keys has no sizes and no types, and needs none.
        List<KeyPicture> picturesWithKeys =
                pictures.stream().filter(picture -> picture.living.keys() > 0).toList();
        boolean sizesKnown =
                !picturesWithKeys.isEmpty() && picturesWithKeys.stream().noneMatch(picture -> picture.sizes.isEmpty());
        boolean typesKnown = picturesWithKeys.stream().noneMatch(picture -> picture.types.isEmpty());

        return new KeyPicture(
                ttl,
                KeyCount.sum(pictures.stream().map(KeyPicture::living).toList()),
                KeyCount.sum(pictures.stream().map(KeyPicture::livingVolatile).toList()),
                sizesKnown ? totalSizes(picturesWithKeys) : List.of(),
                typesKnown ? totalTypes(picturesWithKeys) : List.of(),
                mean(pictures, KeyPicture::living, KeyPicture::meanBytes),
                mean(pictures, KeyPicture::livingVolatile, KeyPicture::meanVolatileBytes),
                pictures.stream().mapToLong(KeyPicture::readKeys).sum(),
                pictures.stream().mapToLong(KeyPicture::measuredKeys).sum(),
                pictures.stream().mapToLong(KeyPicture::unreadKeys).sum(),
                pictures.stream().anyMatch(KeyPicture::namesLeft),
                pictures.stream()
                        .flatMap(picture -> picture.notes.stream())
                        .distinct()
                        .toList());
    }

    private static List<SizeBin> totalSizes(List<KeyPicture> pictures) {
        List<SizeBin> sizes = new ArrayList<>();
        for (int i = 0; i <= SIZES.size(); i++) {
            int index = i;
            sizes.add(new SizeBin(
                    index < SIZES.size() ? SIZES.get(index) : null,
                    KeyCount.sum(pictures.stream()
                            .map(picture -> picture.sizes.get(index).count)
                            .toList())));
        }
        return sizes;
    }

    private static List<TypeBin> totalTypes(List<KeyPicture> pictures) {
        Map<String, List<KeyCount>> counts = new LinkedHashMap<>();
        pictures.forEach(picture -> picture.types.forEach(bin ->
                counts.computeIfAbsent(bin.type, type -> new ArrayList<>()).add(bin.count)));
        return mostFrequentFirst(
                counts.entrySet().stream().map(entry -> new TypeBin(entry.getKey(), KeyCount.sum(entry.getValue()))));
    }

    /** Returns counts of types, the most frequent type first. */
    public static List<TypeBin> mostFrequentFirst(Stream<TypeBin> types) {
        return types.sorted((a, b) -> a.count.keys() == b.count.keys()
                        ? a.type.compareTo(b.type)
                        : Long.compare(b.count.keys(), a.count.keys()))
                .toList();
    }

    /**
     * Returns the mean size in bytes of the keys of a class on all servers; null if a server with such keys has no
     * mean.
     *
     * @param keysOf the number of keys of the class on a server
     * @param meanOf the mean size of these keys on a server
     */
    private static @Nullable Long mean(
            List<KeyPicture> pictures,
            Function<KeyPicture, KeyCount> keysOf,
            Function<KeyPicture, @Nullable Long> meanOf) {
        double bytes = 0;
        double keys = 0;
        for (KeyPicture picture : pictures) {
            double weight = keysOf.apply(picture).keys();
            Long mean = meanOf.apply(picture);
            if (mean == null && weight > 0) {
                return null;
            }
            bytes += mean == null ? 0 : mean * weight;
            keys += weight;
        }
        return keys == 0 ? null : Long.valueOf(Math.round(bytes / keys));
    }
}
