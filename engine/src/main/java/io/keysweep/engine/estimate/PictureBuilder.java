package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.DeathCounts;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.KeyPicture.SizeBin;
import io.keysweep.engine.insight.KeyPicture.TtlBin;
import io.keysweep.engine.insight.KeyPicture.TypeBin;
import io.keysweep.engine.insight.MeanSizes;
import io.keysweep.engine.insight.PrefixCount;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.insight.RemainingTtl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link Insight} of an estimate (picture, forecast and counts of prefixes) from the estimated cells.
 *
 * <p>A picture divides the live keys by remaining TTL, type and size. A forecast divides the coming time into equal
 * periods, and says how many keys die in each, that is, reach the end of their TTL.
 *
 * @param cells the estimated amounts of the cells
 * @param dead the number of dead keys, as the estimate reports it
 * @param keys the number of keys of the server; no count exceeds it
 * @param volatileKeys the number of keys with a TTL; no count of such keys exceeds it
 * @param plan the properties that were read of each key
 * @param reader the reader of the keys; null if the server had no keys
 * @param deadPrefixes the dead keys by prefix; null if no prefixes were requested, and if {@code deadMissing} is not null
 * @param deadMissing why the dead keys by prefix are not known, as a sentence; null if they are, and if no prefixes were
 *     requested
 */
record PictureBuilder(
        KeyCells cells,
        KeyCount dead,
        long keys,
        long volatileKeys,
        ReadingPlan plan,
        @Nullable KeyReader reader,
        @Nullable DeadPrefixes deadPrefixes,
        @Nullable String deadMissing) {

    /**
     * The largest part of the sampled keys that may be unread. With more unread keys, the others would not represent
     * all keys.
     */
    private static final double MAX_UNREAD_PART = 0.02;

    /**
     * The number of prefixes that are kept for each one to report. A prefix that is reported for all primaries of a
     * cluster together may have a lower rank on one of them, and must also be counted there.
     */
    private static final int PREFIXES_KEPT = 10;

    /**
     * The part of the keys with a TTL whose mean size is taken for the dead keys. These keys die next; fewer keys would
     * be too few measured ones.
     */
    private static final double SOON_PART = 0.01;

    /**
     * Returns the insight. If the server has refused to report a TTL, or too many keys could not be read, it contains
     * only the reason.
     *
     * @param expiry the model of the server's own expiry
     * @param settingsKnown whether the model uses settings that the server has reported; otherwise they are defaults
     * @param rate the rate at which the server has removed expired keys lately; null if not known
     * @param taken when the sample was taken
     */
    Insight build(ExpiryCycle expiry, boolean settingsKnown, @Nullable ExpiryRate rate, Instant taken) {
        String why = reader == null ? null : reader.refusal();
        // After a refusal, no further keys were read, so the cells contain a part of the sample only.
        if (why != null || cells.keysUnread() > MAX_UNREAD_PART * (cells.keysRead() + cells.keysUnread())) {
            return Insight.missing("The TTLs of keys could not be read"
                    + (why == null ? ": names that are not UTF-8 cannot be sent back." : ": " + why));
        }

        KeyPicture picture = picture();
        KeyCount living = picture.livingVolatile();
        DeathCounts deaths = new DeathCounts(
                plan.begin(),
                taken,
                plan.request().step(),
                IntStream.range(0, plan.request().steps())
                        .mapToObj(period -> count(PictureCell.Kind.STEP, Integer.toString(period), volatileKeys))
                        .toList(),
                cells.amount(PictureCell.DYING).roundToKeys(volatileKeys));

        ExpiryForecast forecast = ExpiryForecast.of(
                deaths,
                dead.keys(),
                living,
                picture.dyingPerSecond(),
                meanSizes(picture.meanVolatileBytes()),
                expiry,
                settingsKnown,
                rate);

        PrefixRequest prefixes = plan.request().prefixes();
        return new Insight(
                picture,
                forecast,
                prefixes == null ? null : PrefixCount.top(prefixCounts(), PREFIXES_KEPT * prefixes.top()),
                deadMissing,
                /* missing= */ null);
    }

    private KeyPicture picture() {
        List<TtlBin> ttl = new ArrayList<>();
        for (RemainingTtl remainingTtl : RemainingTtl.values()) {
            long maxKeys = remainingTtl == RemainingTtl.NONE ? keys : volatileKeys;
            ttl.add(new TtlBin(
                    remainingTtl,
                    remainingTtl == RemainingTtl.DEAD
                            ? dead
                            : cells.amount(PictureCell.of(remainingTtl)).roundToKeys(maxKeys)));
        }
        boolean hasMeasuredKeys = cells.keysMeasured() > 0;
        return new KeyPicture(
                ttl,
                cells.amount(PictureCell.LIVING).roundToKeys(keys),
                cells.amount(PictureCell.VOLATILE).roundToKeys(volatileKeys),
                hasMeasuredKeys ? sizes() : List.of(),
                hasMeasuredKeys ? types() : List.of(),
                hasMeasuredKeys ? meanBytes("all", PictureCell.LIVING) : null,
                hasMeasuredKeys ? meanBytes("volatile", PictureCell.VOLATILE) : null,
                cells.keysRead(),
                cells.keysMeasured(),
                cells.keysUnread(),
                namesLeft(),
                notes());
    }

    private boolean namesLeft() {
        return sampledNamesLeft() || namesOfDeadKeysLeft();
    }

    private boolean sampledNamesLeft() {
        return reader != null && reader.namesLeave();
    }

    private boolean namesOfDeadKeysLeft() {
        return deadPrefixes != null && !deadPrefixes.prefixes().isEmpty();
    }

    private List<SizeBin> sizes() {
        List<SizeBin> sizes = new ArrayList<>();
        List<Long> limits = KeyPicture.sizeLimits();
        for (int i = 0; i <= limits.size(); i++) {
            sizes.add(new SizeBin(
                    i < limits.size() ? limits.get(i) : null, count(PictureCell.Kind.SIZE, Integer.toString(i), keys)));
        }
        return sizes;
    }

    private List<TypeBin> types() {
        return KeyPicture.mostFrequentFirst(cells.cells().keySet().stream()
                .filter(cell -> cell.kind() == PictureCell.Kind.TYPE)
                .map(cell -> new TypeBin(cell.name(), count(PictureCell.Kind.TYPE, cell.name(), keys))));
    }

    /**
     * Returns the mean size of a key in bytes; null if no key of the class was measured.
     *
     * @param bytesName the name of the cell with the bytes of the class
     * @param keysOfClass the cell with the number of keys of the class
     */
    private @Nullable Long meanBytes(String bytesName, PictureCell keysOfClass) {
        double keyCount = cells.amount(keysOfClass).value();
        double bytes =
                cells.amount(new PictureCell(PictureCell.Kind.BYTES, bytesName)).value();
        return keyCount > 0 && bytes > 0 ? Long.valueOf(Math.round(bytes / keyCount)) : null;
    }

    /**
     * Returns the mean size of the keys that die in each period; null if no key with a TTL was measured.
     *
     * @param meanBytes the mean size of all keys with a TTL, which is used for periods without a measured key; null if
     *     not known
     */
    private @Nullable MeanSizes meanSizes(@Nullable Long meanBytes) {
        if (meanBytes == null) {
            return null;
        }
        List<Double> sizes = new ArrayList<>();
        double soonKeys = 0;
        double soonBytes = 0;
        double enoughKeys = SOON_PART * cells.amount(PictureCell.VOLATILE).value();
        for (int i = 0; i < plan.request().steps(); i++) {
            String period = Integer.toString(i);
            double periodKeys = cells.amount(new PictureCell(PictureCell.Kind.STEP_MEASURED, period))
                    .value();
            double periodBytes = cells.amount(new PictureCell(PictureCell.Kind.STEP_BYTES, period))
                    .value();
            sizes.add(periodKeys > 0 ? periodBytes / periodKeys : meanBytes);
            if (soonKeys < enoughKeys) {
                soonKeys += periodKeys;
                soonBytes += periodBytes;
            }
        }
        // The keys that are dead now are not in the sample, so the keys that die next stand for them.
        return new MeanSizes(soonKeys > 0 ? soonBytes / soonKeys : meanBytes, sizes);
    }

    /** Returns what the user should know about gaps in the picture, in whole sentences. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (sampledNamesLeft()) {
            notes.add("The server refuses scripts, so the names of the sampled keys crossed the network.");
        }
        if (namesOfDeadKeysLeft()) {
            notes.add("The server has published the names of the dead keys that it removed meanwhile, so these names"
                    + " crossed the network.");
        }
        String why = reader == null ? null : reader.measureRefusal();
        if (why != null) {
            notes.add("Types and sizes could not be read" + (cells.keysMeasured() > 0 ? " of all sampled keys: " : ": ")
                    + why);
        }
        if (cells.keysUnread() > 0) {
            notes.add("The TTLs of " + cells.keysUnread() + " sampled keys could not be read; no count contains them.");
        }
        return notes;
    }

    private List<PrefixCount> prefixCounts() {
        Set<String> prefixes = new LinkedHashSet<>();
        cells.cells().keySet().stream()
                .filter(cell -> cell.kind().isNamedByPrefix())
                .forEach(cell -> prefixes.add(cell.name()));
        if (deadPrefixes != null) {
            prefixes.addAll(deadPrefixes.prefixes());
        }
        return prefixes.stream()
                .map(prefix -> new PrefixCount(
                        prefix.equals(GroupSums.OTHER_PREFIXES) ? null : prefix,
                        deadPrefixes == null ? null : deadPrefixes.count(prefix),
                        count(PictureCell.Kind.PREFIX_DYING, prefix, volatileKeys),
                        count(PictureCell.Kind.PREFIX_WITH_TTL, prefix, volatileKeys),
                        count(PictureCell.Kind.PREFIX_WITHOUT_TTL, prefix, keys)))
                .toList();
    }

    private KeyCount count(PictureCell.Kind kind, String name, long maxKeys) {
        return cells.amount(new PictureCell(kind, name)).roundToKeys(maxKeys);
    }
}
