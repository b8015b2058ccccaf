package io.keysweep.server.console.instance;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ChartData;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.trend.TrendPoint;
import io.keysweep.server.trend.Trends;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** Serves the lines of the charts of an instance: its backlog (dead keys), reclaimed keys, memory and net inflow. */
@Controller
final class InstanceChartController {

    private static final int DEFAULT_DAYS = 30;

    private final PolicyAccess access;
    private final Trends trends;

    InstanceChartController(PolicyAccess access, Trends trends) {
        this.access = access;
        this.trends = trends;
    }

    /**
     * Returns the lines of the last days.
     *
     * @param days number of days, cut off at 731; a text that is not a number from 1 to 999 is treated as 30
     */
    @GetMapping(ConsolePath.ROOT + "/instances/{id}/chart")
    @ResponseBody
    ChartData chart(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String days) {
        Instance instance = access.instance(caller, id, Action.LIST_SCANS);
        List<TrendPoint> points = trends.history(instance.id(), days(days));
        return new ChartData(
                points.stream().map(point -> point.at().toEpochMilli() / 1e3).toList(),
                Map.of(
                        "backlog", line(points, TrendPoint::deadKeys),
                        "reclaimed", line(points, point -> point.scans() == 0 ? null : (Long) point.reclaimed()),
                        "before", line(points, TrendPoint::usedMemoryBefore),
                        "after", line(points, TrendPoint::usedMemoryAfter),
                        "inflow", line(points, TrendPoint::inflow)),
                Map.of(),
                /* live= */ false);
    }

    /** Reads the number of days, at most 731; any text that is not a number from 1 to 999 is treated as 30. */
    static int days(String text) {
        int days = text.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(text) : DEFAULT_DAYS;
        return Math.min(days, Trends.MAX_DAYS);
    }

    /** Reads one figure from a point; null if nothing has measured it. */
    private interface ChartFigure {
        @Nullable Long of(TrendPoint point);
    }

    private static List<@Nullable Double> line(List<TrendPoint> points, ChartFigure figure) {
        List<@Nullable Double> line = new ArrayList<>();
        for (TrendPoint point : points) {
            Long value = figure.of(point);
            line.add(value == null ? null : value.doubleValue());
        }
        return line;
    }
}
