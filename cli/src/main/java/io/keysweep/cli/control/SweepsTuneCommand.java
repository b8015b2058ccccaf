package io.keysweep.cli.control;

import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.Shell;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep sweeps tune PID}. */
@Command(name = "tune", description = "Changes the pace of a sweep; what is left out stays as it is.")
final class SweepsTuneCommand extends LocalSweepCommand {

    @Mixin
    private PaceChangeOptions pace = new PaceChangeOptions();

    SweepsTuneCommand(Shell shell) {
        super(shell);
    }

    @Override
    SweepRequestLine request(@Nullable String reason) {
        Map<String, @Nullable Object> fields = pace.fields();
        Object rateCeiling = fields.get("rateCeiling");
        return new SweepRequestLine(
                "tune",
                reason,
                (String) fields.get("profile"),
                (BigDecimal) fields.get("stallBudgetMs"),
                fields.get("share") instanceof BigDecimal share ? share.doubleValue() : null,
                (Long) rateCeiling,
                fields.containsKey("rateCeiling") && rateCeiling == null);
    }
}
