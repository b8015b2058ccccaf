package io.keysweep.server.console.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.CollectionUtils;

/** Tests how a submitted form of windows is read. Windows are the times of the week when sweeps may run. */
final class WindowsFormTest {

    @Test
    void of_times_areNormalised_andOtherTextsAreKept() {
        // The first window has a short hour, blanks and a full-width colon. In the second window, "9" is no time.
        WindowsForm form = WindowsForm.of(CollectionUtils.toMultiValueMap(Map.of(
                "days-0", List.of("monday"),
                "from-0", List.of(" 9:00 "),
                "until-0", List.of("18：30"),
                "days-3", List.of("sunday"),
                "from-3", List.of("9"),
                "until-3", List.of("24:00"))));

        assertThat(form.windows())
                .containsExactly(
                        new WindowsForm.Week(List.of("monday"), "09:00", "18:30"),
                        new WindowsForm.Week(List.of("sunday"), "9", "24:00"));
    }
}
