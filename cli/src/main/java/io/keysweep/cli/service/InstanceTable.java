package io.keysweep.cli.service;

import io.keysweep.api.EstimateView;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.ServerName;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defines the columns of three tables: instances, tests of instances ({@code instances test}), and estimates. */
final class InstanceTable {

    static final Table<InstanceView> INSTANCES = Table.of(
                    "There are no instances. Add one with 'keysweep instances add NAME URI'.",
                    /* name= */ InstanceView::name,
                    /* id= */ InstanceView::id)
            .column("NAME", InstanceView::name)
            .column("URI", InstanceView::uri)
            .column("SERVER", InstanceTable::server)
            .column("TAGS", InstanceView::tags)
            .column("ID", InstanceView::id)
            .wide("USER", InstanceView::username)
            .wide("REVISION", InstanceView::revision)
            .wide("CREATED", InstanceView::createdAt)
            .wide("CHECKED", InstanceView::checkedAt)
            .column("PROBLEM", InstanceTable::problem);

    private InstanceTable() {}

    /**
     * Returns the table of estimates.
     *
     * @param nameOf returns the name of the instance with an id
     */
    static Table<EstimateView> estimates(UnaryOperator<String> nameOf) {
        return Table.<EstimateView>of(
                        "There are no estimates.",
                        /* name= */ estimate -> nameOf.apply(estimate.instanceId()),
                        /* id= */ EstimateView::instanceId)
                .column("INSTANCE", estimate -> nameOf.apply(estimate.instanceId()))
                .column("DEAD", EstimateView::dead)
                .column("DEAD BYTES", EstimateView::deadBytes)
                .column("EXACT", EstimateView::exact)
                .column("MADE", EstimateView::madeAt);
    }

    /**
     * Returns the table of a test.
     *
     * @param name name of the tested instance
     * @param id id of the tested instance, or its name if {@code instances add --test} tests it before it is added
     */
    static Table<InstanceCheck> tests(String name, String id) {
        return Table.<InstanceCheck>of("There are no tests.", test -> name, test -> id)
                .column("INSTANCE", test -> name)
                .column("SWEEPABLE", InstanceCheck::sweepable)
                .column("PROBLEM", InstanceCheck::problem)
                .column("MILLIS", InstanceCheck::millis);
    }

    /** Returns why the instance could not be swept, or else which of its servers have settings that are left raised. */
    private static @Nullable String problem(InstanceView instance) {
        List<String> addresses = instance.raisedSettings().stream()
                .filter(RaisedSettingsView::leftover)
                .map(RaisedSettingsView::address)
                .toList();
        return instance.problem() != null || addresses.isEmpty()
                ? instance.problem()
                : "settings left raised: " + String.join(", ", addresses);
    }

    /**
     * Returns the product and version of the server, such as {@code Redis 7.0.15}, as far as the service knows them.
     */
    static String server(InstanceView instance) {
        if (instance.flavour() == null) {
            return "not reached yet";
        }
        return ServerName.of(instance.flavour()) + (instance.version() == null ? "" : " " + instance.version());
    }
}
