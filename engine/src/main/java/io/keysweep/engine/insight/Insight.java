package io.keysweep.engine.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the results of an estimate beyond the number of dead keys: the kinds of keys, and when they die.
 *
 * <p>A key dies when it reaches the end of its TTL. It is dead, and holds memory, until the server removes it.
 *
 * @param picture the keys by remaining time, size and type; null if they could not be read
 * @param forecast when the keys die; null if there is no picture
 * @param prefixes the keys by the beginnings of their names; null if they were not requested, or if there is no
 *     picture. The insight of one server lists more prefixes than were requested, because a prefix that is rare there
 *     can be among the most frequent ones of the deployment, see {@link #sum}
 * @param deadMissing why the prefixes have no numbers of dead keys, as a sentence; null if they have, and if there are no
 *     prefixes
 * @param missing why there is no picture, as a sentence; null if there is one
 */
public record Insight(
        @Nullable KeyPicture picture,
        @Nullable ExpiryForecast forecast,
        @Nullable List<PrefixCount> prefixes,
        @Nullable String deadMissing,
        @Nullable String missing) {

    public Insight {
        prefixes = prefixes == null ? null : List.copyOf(prefixes);
    }

    /** Returns the insight of a server whose keys could not be read; {@code why} is the reason as a sentence. */
    public static Insight missing(String why) {
        return new Insight(
                /* picture= */ null, /* forecast= */ null, /* prefixes= */ null, /* deadMissing= */ null, why);
    }

    /**
     * Adds up the insights of a deployment's servers. If a server has no picture, the sum has none either, with the
     * reason of the first such server. In the same way, the prefixes of the sum have no numbers of dead keys if a server
     * has none.
     *
     * @param top the number of prefixes to report
     */
    public static Insight sum(List<Insight> parts, int top) {
        for (Insight part : parts) {
            if (part.missing != null) {
                return missing(part.missing);
            }
        }
        List<KeyPicture> pictures =
                parts.stream().map(Insight::picture).filter(Objects::nonNull).toList();
        List<ExpiryForecast> forecasts =
                parts.stream().map(Insight::forecast).filter(Objects::nonNull).toList();
        List<PrefixCount> prefixes = new ArrayList<>();
        boolean allHavePrefixes = true;
        String deadMissing = null;
        for (Insight part : parts) {
            List<PrefixCount> counts = part.prefixes;
            allHavePrefixes &= counts != null;
            if (counts != null) {
                prefixes.addAll(counts);
            }
            deadMissing = deadMissing == null ? part.deadMissing : deadMissing;
        }
        if (deadMissing != null) {
            prefixes.replaceAll(PrefixCount::withoutDead);
        }
        return new Insight(
                pictures.isEmpty() ? null : KeyPicture.sum(pictures),
                forecasts.isEmpty() ? null : ExpiryForecast.sum(forecasts),
                allHavePrefixes ? PrefixCount.top(prefixes, top) : null,
                allHavePrefixes ? deadMissing : null,
                /* missing= */ null);
    }
}
