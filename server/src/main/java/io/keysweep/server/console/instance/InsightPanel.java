package io.keysweep.server.console.instance;

import io.keysweep.api.AdviceView;
import io.keysweep.api.EstimateView;
import io.keysweep.api.InsightView;
import io.keysweep.api.InstanceView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.api.StartPolicyDocument;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.autoscan.StartViews;
import io.keysweep.server.console.instance.AdviceOffer.OfferKind;
import io.keysweep.server.console.page.ListPage;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.policy.StartPolicyForm;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.estimate.Estimates;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceViews;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/**
 * Fills the parts of the instance page that show an estimate and what follows from it.
 *
 * <p>These are the dead keys, the picture of the keys, the forecast, and the advice with the button that follows it.
 * Thread-safe.
 */
@Component
final class InsightPanel {

    /** Number of estimated primaries that the page shows at a time. */
    private static final int PRIMARIES_PER_PAGE = 10;

    /** Number of servers with raised settings that the page shows at a time. */
    private static final int RAISED_PER_PAGE = 3;

    private final Estimates estimates;
    private final StartViews starts;
    private final Schedules schedules;
    private final CeilingFinder ceilings;
    private final InstanceViews views;
    private final InstantSource clock;

    InsightPanel(
            Estimates estimates,
            StartViews starts,
            Schedules schedules,
            CeilingFinder ceilings,
            InstanceViews views,
            InstantSource clock) {
        this.estimates = estimates;
        this.starts = starts;
        this.schedules = schedules;
        this.ceilings = ceilings;
        this.views = views;
        this.clock = clock;
    }

    /** Shows the last estimate of an instance, if there is one. */
    void showLast(Caller caller, Instance instance, Model model) {
        show(caller, instance, estimates.last(instance).orElse(null), model);
    }

    /** Shows an estimate of an instance, or shows that there is none if it is null. */
    void show(Caller caller, Instance instance, @Nullable EstimateView estimate, Model model) {
        Permissions permissions = Permissions.on(caller, instance);
        model.addAttribute("permissions", permissions);
        model.addAttribute("instance", instance);
        model.addAttribute("view", views.of(instance));
        model.addAttribute("estimate", estimate);
        showPages(model, /* primaries= */ "1", /* raised= */ "1");
        InsightView insight = estimate == null ? null : estimate.insight();
        InsightView.Picture picture = insight == null ? null : insight.picture();
        InsightView.Forecast forecast = insight == null ? null : insight.forecast();
        AdviceView advice = estimate == null ? null : estimate.advice();
        model.addAttribute("insight", insight);
        model.addAttribute("bars", picture == null ? null : PictureBars.of(picture));
        model.addAttribute(
                "forecast", forecast == null ? null : ForecastText.of(forecast).orElse(null));
        model.addAttribute("startVersion", starts.ofInstance(instance).version());
        model.addAttribute(
                "offer",
                advice == null || advice.options().isEmpty() ? null : offer(permissions, instance, advice, forecast));
    }

    /**
     * Shows other pages of the two long lists: the primaries with their estimates, and the servers with raised settings.
     * If a list needs several pages, the primaries with the most dead keys are first, and the servers whose settings no
     * sweep will restore.
     *
     * @param model the model after {@link #show}
     * @param primaries number of the page of primaries, from 1
     * @param raised number of the page of servers with raised settings, from 1
     */
    void showPages(Model model, String primaries, String raised) {
        List<EstimateView.Primary> estimated =
                model.getAttribute("estimate") instanceof EstimateView estimate ? estimate.primaries() : List.of();
        model.addAttribute(
                "primaryPage",
                page(
                        estimated,
                        Comparator.comparingLong(EstimateView.Primary::dead).reversed(),
                        primaries,
                        PRIMARIES_PER_PAGE));
        List<RaisedSettingsView> servers =
                model.getAttribute("view") instanceof InstanceView view ? view.raisedSettings() : List.of();
        model.addAttribute(
                "raisedPage",
                page(servers, Comparator.comparing(server -> !server.leftover()), raised, RAISED_PER_PAGE));
    }

    /** Returns a page of a list; the list is sorted only if it needs several pages. */
    private static <T> ListPage<T> page(List<T> list, Comparator<T> order, String number, int size) {
        return ListPage.of(list.size() > size ? list.stream().sorted(order).toList() : list, number, size);
    }

    /** Chooses what the page offers for the action that the advice recommends. */
    private AdviceOffer offer(
            Permissions permissions, Instance instance, AdviceView advice, InsightView.@Nullable Forecast forecast) {
        return switch (advice.action()) {
            case "SETTING" ->
                AdviceOffer.of(
                        Boolean.TRUE.equals(advice.settingsRefused()) ? OfferKind.PROVIDER : OfferKind.COMMAND, advice);
            case "ASSIST", "CONTINUOUS_ASSIST" -> offerAssist(permissions, instance, advice);
            case "PASSES", "CONTINUOUS_PASSES" -> offerPasses(permissions, instance, advice);
            case "FULL_SWEEP" -> offerScan(permissions, instance, advice, forecast);
            default -> AdviceOffer.of(OfferKind.NONE, advice);
        };
    }

    /**
     * Offers to allow assist (raised settings of the server). If assist is allowed already, offers passes, which use
     * assist.
     */
    private AdviceOffer offerAssist(Permissions permissions, Instance instance, AdviceView advice) {
        Ceilings limits = ceilings.find(instance.id());
        if (!limits.allowAssist(/* ofInstance= */ true)) {
            return AdviceOffer.of(OfferKind.FORBIDDEN, advice);
        }
        return limits.allowAssist(instance.assist())
                ? offerPasses(permissions, instance, advice)
                : AdviceOffer.of(OfferKind.ASSIST, advice).onlyIf(permissions.manageInstances());
    }

    /** Offers passes, which are scans that keep the number of dead keys below a target. */
    private AdviceOffer offerPasses(Permissions permissions, Instance instance, AdviceView advice) {
        StartPolicyDocument policy = starts.ofInstance(instance).document();
        Long target = policy.backlogTarget();
        if (target != null && target <= advice.toleratedBacklog()) {
            return AdviceOffer.of(OfferKind.DONE, advice);
        }
        Map<String, String> fields = StartPolicyForm.of(policy);
        fields.put("backlogTarget", Long.toString(advice.toleratedBacklog()));
        return new AdviceOffer(OfferKind.PASSES, advice, fields, /* start= */ null)
                .onlyIf(permissions.manageInstances() && permissions.changeAutomatic());
    }

    /**
     * Offers a single start at the time that the forecast proposes. Offers a scan now if that time has come, or if the
     * single start would replace a schedule.
     */
    private AdviceOffer offerScan(
            Permissions permissions, Instance instance, AdviceView advice, InsightView.@Nullable Forecast forecast) {
        Instant start = forecast == null ? null : forecast.proposedStart();
        boolean isLater = start != null && start.isAfter(clock.instant());
        if (isLater
                && permissions.changeAutomatic()
                && schedules.find(instance).filter(AutoScanConfig::enabled).isEmpty()) {
            return new AdviceOffer(OfferKind.START, advice, Map.of(), start);
        }
        return AdviceOffer.of(OfferKind.SCAN, advice).onlyIf(permissions.scan());
    }
}
