// Makes the calls of one of Bandwidth's SDKs for Node to the API at an address, and prints what they returned.
"use strict";

const { Readable } = require("node:stream");

const [name, basePath, username, password] = process.argv.slice(2);
const sdk = require(name);
const ACCOUNT = "5550100";
const MEDIUM = "1793/é t/photo.png";
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00]);
const NUMBER = "+12025550100";
const SMS = { applicationId: "5d1b7c0e", from: NUMBER, text: "Tonight: jazz ’til 2", tag: "t-1", priority: "high" };
// Every filter in the order of the parameters; those that the sandbox has no values for find nothing.
const TIMES = ["2000-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"];
const FOR_NUMBERS = ["1793", NUMBER, "+13125550140,+13125550141"];
const FOR_MESSAGES = ["DELIVERED", "OUTBOUND", "AT&T", "sms", 0, ...TIMES, "CJEUMDK", 0, false];
const FOR_ROUTES = ["LOCAL_A2P", "123ABC", false, 0, "USA", "USA", 1, 2, 1, 140];
const FOR_PAGES = ["sourceTn:desc", undefined, 10, true];
const FILTERS = [...FOR_NUMBERS, ...FOR_MESSAGES, ...FOR_ROUTES, ...FOR_PAGES];
const MMS = { ...SMS, media: ["https://dev.example.com/cat.png"], priority: undefined };

// The functions of `bandwidth-sdk`, with credentials.
function generated(credentials) {
    const configuration = new sdk.Configuration({ basePath, ...credentials });
    const messages = new sdk.MessagesApi(configuration);
    const media = new sdk.MediaApi(configuration);
    return {
        send: (message, to) => messages.createMessage(ACCOUNT, { ...message, to: new Set([to]) }),
        // The filters are positional: those before one are left out.
        search: (filters) =>
            messages.listMessages(ACCOUNT, ...Array.from({ length: 27 }, (_, index) => filters[index])),
        // Version 1 writes JSON if the type is not given again.
        upload: () =>
            media.uploadMedia(ACCOUNT, MEDIUM, PNG, "image/png", "no-cache", {
                headers: { "Content-Type": "image/png" },
            }),
        download: (medium) => media.getMedia(ACCOUNT, medium, { responseType: "arraybuffer" }),
        list: () => media.listMedia(ACCOUNT),
        remove: () => media.deleteMedia(ACCOUNT, MEDIUM),
    };
}

// The same functions of `@bandwidth/messaging`.
function older({ username, password }) {
    const client = new sdk.Client({
        environment: sdk.Environment.Custom,
        baseUrl: basePath,
        basicAuthUserName: username,
        basicAuthPassword: password,
        timeout: 0,
    });
    const api = new sdk.ApiController(client);
    const answerOf = (promise) =>
        promise
            .then(({ statusCode, headers, result }) => ({ status: statusCode, headers, data: result }))
            .catch((error) => {
                if (!error.statusCode) throw error;
                const data = typeof error.body === "string" ? JSON.parse(error.body) : null;
                return { status: error.statusCode, headers: error.headers, data };
            });
    return {
        send: (message, to) => answerOf(api.createMessage(ACCOUNT, { ...message, to: [to] })),
        search: ({ 1: source }) => answerOf(api.getMessages(ACCOUNT, undefined, source)),
        upload: () => {
            const file = new sdk.FileWrapper(Readable.from([PNG]));
            return answerOf(api.uploadMedia(ACCOUNT, MEDIUM, file, "image/png", "no-cache"));
        },
        download: async (medium) => {
            const answer = await answerOf(api.getMedia(ACCOUNT, medium));
            return { ...answer, data: answer.data && Buffer.concat(await answer.data.toArray()) };
        },
        list: () => answerOf(api.listMedia(ACCOUNT)),
        remove: () => answerOf(api.deleteMedia(ACCOUNT, MEDIUM)),
    };
}

// Returns the status, two fields and the data of an answer, whatever its status is.
async function answerOf(promise) {
    const { status, headers, data } = await promise.catch((error) => {
        if (!error.response) throw error;
        return error.response;
    });
    const isBinary = Buffer.isBuffer(data) || data instanceof ArrayBuffer;
    return {
        status,
        contentType: headers["content-type"] ?? null,
        cacheControl: headers["cache-control"] ?? null,
        data: isBinary ? Buffer.from(data).toString("latin1") : data,
    };
}

async function main() {
    const connect = name.startsWith("bandwidth-sdk") ? generated : older;
    const calls = connect({ username, password });
    const results = {};

    results.sms = await answerOf(calls.send(SMS, "+13125550140"));
    results.mms = await answerOf(calls.send(MMS, "+13125550140"));
    results.refused = await answerOf(calls.send(SMS, "+1invalid"));
    results.unauthorized = await answerOf(connect({ username, password: "x" }).send(SMS, "+13125550140"));

    results.found = await answerOf(calls.search({ 1: NUMBER, 4: "OUTBOUND" }));
    if (name === "bandwidth-sdk") {
        results.american = await answerOf(calls.search({ 17: "USA", 26: true }));
        results.canadian = await answerOf(calls.search({ 17: "CAN" }));
        results.everyFilter = await answerOf(calls.search(FILTERS));
    }
    results.withoutFilter = await answerOf(calls.search({}));

    results.uploaded = await answerOf(calls.upload());
    results.downloaded = await answerOf(calls.download(MEDIUM));
    results.listed = await answerOf(calls.list());
    results.deleted = await answerOf(calls.remove());
    results.deletedAgain = await answerOf(calls.remove());
    results.missing = await answerOf(calls.download(MEDIUM));

    if (sdk.MultiChannelApi) {
        const api = new sdk.MultiChannelApi(new sdk.Configuration({ basePath, username, password }));
        const channel = { from: NUMBER, applicationId: "5d1b7c0e", channel: "SMS", content: { text: "hi" } };
        const message = { to: "+13125550140", channelList: [channel] };
        results.multiChannel = await answerOf(api.createMultiChannelMessage(ACCOUNT, message));
    }
    console.log(JSON.stringify(results));
}

main();
