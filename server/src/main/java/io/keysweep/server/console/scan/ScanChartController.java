package io.keysweep.server.console.scan;

import io.keysweep.api.PaceView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ChartData;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.scan.LatencyLimits;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanAccess;
import io.keysweep.server.scan.ScanViews;
import io.keysweep.server.sweep.SampleHistory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * Serves the lines of the charts of a scan: its speed, the time of its steps, the wait of clients, and the share.
 *
 * <p>A step is one call that visits keys. The wait is how long other clients wait for the server. The share is
 * the part of the server's time that the scan may take. The lines begin with the scan.
 *
 * <p>The samples are stored, so the charts survive a reload of the page and a restart of the service.
 */
@Controller
final class ScanChartController {

    private static final MathContext DIGITS = new MathContext(4);

    private final ScanAccess access;
    private final ScanViews views;
    private final LatencyLimits latencyLimits;
    private final SampleHistory samples;

    ScanChartController(ScanAccess access, ScanViews views, LatencyLimits latencyLimits, SampleHistory samples) {
        this.access = access;
        this.views = views;
        this.latencyLimits = latencyLimits;
        this.samples = samples;
    }

    @GetMapping(ConsolePath.ROOT + "/scans/{id}/chart")
    @ResponseBody
    ChartData chart(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Scan scan = access.scan(caller, id, Action.LIST_SCANS);
        PaceView pace = views.of(scan).pace();
        Map<String, Double> limits = new HashMap<>(Map.of("step", pace.stallBudgetMs(), "share", pace.share()));
        latencyLimits.slowdownMillis(scan).ifPresent(limit -> limits.put("callersWait", limit));
        ScanCourse course = ScanCourse.of(samples.of(scan.id()));
        return new ChartData(
                course.at(),
                Map.of(
                        "keys", rounded(course.keys()),
                        "reclaimed", rounded(course.reclaimed()),
                        "step", rounded(course.step()),
                        "callersWait", rounded(course.callersWait()),
                        "used", rounded(course.used()),
                        "share", rounded(course.share())),
                limits,
                scan.state().active());
    }

    /** Rounds the values of a line, because a point is never drawn more exactly and all digits would double the JSON. */
    private static List<@Nullable Double> rounded(List<? extends @Nullable Double> values) {
        List<@Nullable Double> rounded = new ArrayList<>();
        for (Double value : values) {
            rounded.add(
                    value == null
                            ? null
                            : (Double) new BigDecimal(value).round(DIGITS).doubleValue());
        }
        return rounded;
    }
}
