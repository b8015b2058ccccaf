package io.keysweep.server.estimate;

import io.keysweep.api.InsightView;
import io.keysweep.api.InsightView.Count;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryRate;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.PrefixCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts the insight of an estimate to the views of the native API.
 *
 * <p>The insight consists of the picture of the keys (their TTLs, sizes and types), the forecast of when they expire,
 * and the counts by prefix.
 */
final class InsightViews {

    private InsightViews() {}

    /** Converts the insight; null for null. */
    static @Nullable InsightView view(@Nullable Insight insight) {
        if (insight == null) {
            return null;
        }
        KeyPicture picture = insight.picture();
        ExpiryForecast forecast = insight.forecast();
        List<PrefixCount> prefixes = insight.prefixes();
        return new InsightView(
                picture == null ? null : picture(picture),
                forecast == null ? null : forecast(forecast),
                prefixes == null
                        ? null
                        : prefixes.stream().map(InsightViews::prefix).toList(),
                insight.deadMissing(),
                insight.missing());
    }

    private static InsightView.Picture picture(KeyPicture picture) {
        return new InsightView.Picture(
                picture.ttl().stream()
                        .map(bin -> new InsightView.TtlClass(bin.remaining().name(), count(bin.count())))
                        .toList(),
                count(picture.living()),
                count(picture.livingVolatile()),
                picture.sizes().stream()
                        .map(bin -> new InsightView.SizeClass(bin.below(), count(bin.count())))
                        .toList(),
                picture.types().stream()
                        .map(bin -> new InsightView.TypeClass(bin.type(), count(bin.count())))
                        .toList(),
                picture.meanBytes(),
                picture.meanVolatileBytes(),
                picture.readKeys(),
                picture.measuredKeys(),
                picture.unreadKeys(),
                picture.namesLeft(),
                picture.notes());
    }

    private static InsightView.Forecast forecast(ExpiryForecast forecast) {
        ExpiryRate measuredRate = forecast.measured();
        return new InsightView.Forecast(
                forecast.steps().stream().map(InsightViews::step).toList(),
                count(forecast.dying()),
                count(forecast.living()),
                measuredRate == null ? null : Double.valueOf(measuredRate.perSecond()),
                measuredRate == null ? null : Double.valueOf(measuredRate.seconds()),
                forecast.modelPerSecond(),
                forecast.readShare(),
                forecast.settingsKnown(),
                forecast.proposedStart());
    }

    private static InsightView.Step step(ExpiryForecast.Step step) {
        return new InsightView.Step(
                step.from(),
                step.to(),
                count(step.dying()),
                step.removed(),
                step.backlog(),
                step.backlogBytes(),
                step.cliff());
    }

    private static InsightView.Prefix prefix(PrefixCount prefix) {
        KeyCount dead = prefix.dead();
        return new InsightView.Prefix(
                prefix.prefix(),
                dead == null ? null : count(dead),
                count(prefix.dyingSoon()),
                count(prefix.withTtl()),
                count(prefix.withoutTtl()));
    }

    private static Count count(KeyCount count) {
        return new Count(count.keys(), count.lowest(), count.highest());
    }
}
