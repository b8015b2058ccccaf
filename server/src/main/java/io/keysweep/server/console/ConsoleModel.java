package io.keysweep.server.console;

import io.keysweep.server.iam.Caller;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every page is given: who looks at it, what they may do, how things are worded, and that nothing was refused. */
@ControllerAdvice(basePackageClasses = ConsoleModel.class)
final class ConsoleModel {

    private final InstantSource clock;

    ConsoleModel(InstantSource clock) {
        this.clock = clock;
    }

    @ModelAttribute("caller")
    @Nullable Caller caller(@AuthenticationPrincipal @Nullable Caller caller) {
        return caller;
    }

    @ModelAttribute("may")
    Permissions may(@AuthenticationPrincipal @Nullable Caller caller) {
        return Permissions.of(caller);
    }

    @ModelAttribute("show")
    Wording wording() {
        return new Wording(clock.instant());
    }

    @ModelAttribute("refusal")
    FormError refusal() {
        return FormError.NONE;
    }
}
