package io.keysweep.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.api.AccessPolicyView;
import io.keysweep.api.AdviceView;
import io.keysweep.api.ApprovalView;
import io.keysweep.api.AuditEntryView;
import io.keysweep.api.AuditPage;
import io.keysweep.api.AuditProblem;
import io.keysweep.api.AuditVerification;
import io.keysweep.api.BudgetDocument;
import io.keysweep.api.BudgetView;
import io.keysweep.api.CeilingsDocument;
import io.keysweep.api.CeilingsView;
import io.keysweep.api.CertificateView;
import io.keysweep.api.DatabaseView;
import io.keysweep.api.DeliveryView;
import io.keysweep.api.EstimateOptions;
import io.keysweep.api.EstimateView;
import io.keysweep.api.FleetResult;
import io.keysweep.api.HoldReasonView;
import io.keysweep.api.HoldView;
import io.keysweep.api.InsightView;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceRemoval;
import io.keysweep.api.InstanceView;
import io.keysweep.api.InterruptionView;
import io.keysweep.api.MemoryView;
import io.keysweep.api.Notice;
import io.keysweep.api.PaceView;
import io.keysweep.api.PauseView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.api.StartPolicyView;
import io.keysweep.api.SweepView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.api.TimelineView;
import io.keysweep.api.TlsView;
import io.keysweep.api.TrendPointView;
import io.keysweep.api.TrendView;
import io.keysweep.api.UserView;
import io.keysweep.api.WebhookDocument;
import io.keysweep.api.WebhookView;
import io.keysweep.api.WindowsView;
import io.keysweep.api.WorkerView;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** Tests that the OpenAPI documents match the routes, headers and records of the service, and that their page loads. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private TestService service;
    private JsonNode document;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        Answer answer = service.send("GET", "/api/v1/openapi.json", Map.of(), "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        document = answer.body();
    }

    @Test
    void paths_ofTheDcsApi_equalTheMappedRoutes() {
        Set<String> mapped = mappedOperations("/v2/");
        mapped.add("post /v3/auth/tokens");
        JsonNode dcs =
                service.send("GET", "/docs/dcs-openapi.json", Map.of(), "").body();

        // The names of variables differ between the code and the vendor.
        assertThat(withoutNames(describedOperations(dcs)))
                .isEqualTo(withoutNames(mapped))
                .hasSizeGreaterThan(7);
    }

    @Test
    void page_loadsOnlyFilesOfThisService_whichExist() throws IOException, InterruptedException {
        HttpResponse<String> page = fetch("/docs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'");

        List<String> files = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(files).hasSizeGreaterThan(5);

        for (String file : files) {
            assertThat(fetch(file).statusCode()).as(file).isEqualTo(200);
        }
        assertThat(fetch("/docs/assets/no-such-file.js").statusCode()).isEqualTo(404);
    }

    @Test
    void paths_ofTheNativeApi_equalTheMappedRoutes() {
        assertThat(describedOperations(document))
                .isEqualTo(mappedOperations("/api/"))
                .hasSizeGreaterThan(15);
        assertThat(document.get("openapi").asString()).startsWith("3.1");
    }

    @Test
    void headers_inTheDocument_equalTheHeadersThatOperationsRead() {
        // Collect the headers that the controllers read.
        Set<String> headersRead = new TreeSet<>();
        service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, method) -> {
                    for (MethodParameter parameter : method.getMethodParameters()) {
                        RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
                        if (header != null) {
                            mapping.getPatternValues()
                                    .forEach(path -> mapping.getMethodsCondition()
                                            .getMethods()
                                            .forEach(verb ->
                                                    headersRead.add(verb.name().toLowerCase(Locale.ROOT) + " " + path
                                                            + " " + header.name())));
                        }
                    }
                });

        // Collect the headers that the document describes.
        Set<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> operation
                                .getValue()
                                .path("parameters")
                                .forEach(parameter -> {
                                    JsonNode resolved = parameter.has("$ref")
                                            ? document.at(parameter
                                                    .get("$ref")
                                                    .asString()
                                                    .substring(1))
                                            : parameter;
                                    if (resolved.get("in").asString().equals("header")) {
                                        described.add(operation.getKey() + " " + path.getKey() + " "
                                                + resolved.get("name").asString());
                                    }
                                })));

        assertThat(described).isEqualTo(headersRead).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                AuditEntryView.class,
                AuditPage.class,
                AuditProblem.class,
                AuditVerification.class,
                ApprovalView.class,
                BudgetDocument.class,
                BudgetView.class,
                CeilingsDocument.class,
                CeilingsView.class,
                CeilingsView.CeilingInForce.class,
                CeilingsDocument.TagCeilings.class,
                AccessKeyRegistration.class,
                AccessKeyView.class,
                AccessPolicyView.class,
                DeliveryView.class,
                EstimateOptions.class,
                EstimateView.class,
                InsightView.class,
                AdviceView.class,
                Notice.class,
                ProjectView.class,
                UserView.class,
                WebhookDocument.class,
                WebhookView.class,
                FleetResult.class,
                HoldView.class,
                InstanceRegistration.class,
                InstanceView.class,
                InstanceRemoval.class,
                RaisedSettingsView.class,
                InstanceCheck.class,
                TlsView.class,
                TrendPointView.class,
                TrendView.class,
                CertificateView.class,
                HoldReasonView.class,
                DatabaseView.class,
                TimelineView.class,
                TimelineEventView.class,
                InterruptionView.class,
                MemoryView.class,
                PaceView.class,
                PauseView.class,
                ProjectCreated.class,
                ProjectRegistration.class,
                ScanPage.class,
                ScheduleDocument.class,
                ScheduleView.class,
                ScanView.class,
                StartPolicyView.class,
                SweepView.class,
                WindowsView.class,
                WorkerView.class
            })
    void schema_hasTheFieldsOfItsRecord(Class<?> type) {
        assertThat(document.at("/components/schemas/" + type.getSimpleName() + "/properties")
                        .propertyNames())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void references_resolve_andOperationIdsAreUnique() {
        Set<String> references = new HashSet<>();
        document.findValuesAsString("$ref").forEach(references::add);

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        assertThat(document.findValuesAsString("operationId")).doesNotHaveDuplicates();
    }

    /** Returns the methods and paths of the controllers whose paths begin with this text. */
    private Set<String> mappedOperations(String beginning) {
        Set<String> operations = new TreeSet<>();
        service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith(beginning))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method ->
                                        operations.add(method.name().toLowerCase(Locale.ROOT) + " " + path))));
        return operations;
    }

    /** Returns the methods and paths that a document describes. */
    private static Set<String> describedOperations(JsonNode openApi) {
        Set<String> operations = new TreeSet<>();
        openApi.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(method + " " + path.getKey())));
        return operations;
    }

    /** Returns operations without the names of the variables in their paths. */
    private static Set<String> withoutNames(Set<String> operations) {
        return operations.stream()
                .map(operation -> operation.replaceAll("\\{[^}]*\\}", "{}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Gets a page or a file. {@link TestService#send} cannot, because it parses each body as JSON. */
    private HttpResponse<String> fetch(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(service.endpoint() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
