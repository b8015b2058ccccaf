package io.keysweep.server.dcs;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.ICredential;
import com.huaweicloud.sdk.core.exception.ConnectionException;
import com.huaweicloud.sdk.core.exception.RequestTimeoutException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.region.Region;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskResponse;

/**
 * Calls one DCS operation as the sample programs of Huawei Cloud's Java SDK do, and prints the response or exception.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The credentials come from the environment. Only the definition of the region differs from the samples.
 */
@SuppressWarnings("SystemOut")
final class VendorSample {

    private VendorSample() {}

    /** Starts a scan of the instance whose id is the first argument. */
    public static void main(String[] args) {
        ICredential credentials = new BasicCredentials()
                .withProjectId(System.getenv("CLOUD_SDK_PROJECT_ID"))
                .withAk(System.getenv("CLOUD_SDK_AK"))
                .withSk(System.getenv("CLOUD_SDK_SK"));
        DcsClient client = DcsClient.newBuilder()
                .withCredential(credentials)
                .withRegion(new Region("keysweep", System.getenv("CLOUD_SDK_ENDPOINT")))
                .build();
        CreateAutoExpireScanTaskRequest request = new CreateAutoExpireScanTaskRequest();
        request.withInstanceId(args[0]);
        try {
            CreateAutoExpireScanTaskResponse response = client.createAutoExpireScanTask(request);
            System.out.println(response);
        } catch (ConnectionException | RequestTimeoutException e) {
            System.out.println("no answer: " + e);
        } catch (ServiceResponseException e) {
            System.out.println(e.getHttpStatusCode());
            System.out.println(e.getRequestId());
            System.out.println(e.getErrorCode());
            System.out.println(e.getErrorMsg());
        }
    }
}
