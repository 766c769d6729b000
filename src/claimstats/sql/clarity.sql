-- What is understood of evidence files: the rules by which their measures become clarity, and words for kinds.

-- From measures to components of clarity: one row per component, which is measure / full_at, at most 1.
CREATE OR REPLACE TABLE clarity_rules (
    component VARCHAR PRIMARY KEY, -- The component in v_evidence_files, 0 to 1.
    measure VARCHAR NOT NULL, -- What it is made of.
    full_at DOUBLE NOT NULL, -- The measure from which on the component is 1.
    unit VARCHAR NOT NULL, -- The measure's unit.
    source VARCHAR NOT NULL -- Where full_at is from.
);
INSERT INTO clarity_rules VALUES
    ('resolution', 'greatest(width, height)', 1000, 'pixels',
     'Amazon product image guide: 1,000 pixels on the longest side, from which a picture can be zoomed. No venue publishes a size for evidence.'),
    ('sharpness', 'laplacian_variance', 100, 'grey values squared',
     'Pech-Pacheco and others, Diatom autofocusing in brightfield microscopy, ICPR 2000 (the measure); Rosebrock, Blur detection with OpenCV, 2015 (100 as the limit of blur).'),
    ('tones', 'tonal_range', 128, 'grey values',
     'Gonzalez and Woods, Digital Image Processing, on histograms: a picture of good contrast covers a wide part of the scale. Half of it is asked for.'),
    ('brightness', 'mean_luminance', 48, 'grey values',
     'Gonzalez and Woods, as above: the histogram of a dark picture lies at the low end. A mean below 48 of 255 leaves most pixels nearly black.'),
    ('legibility', 'scan_dpi', 200, 'dots per inch',
     'ITU-T T.4, fine resolution: about 200 lines per inch, at which faxed small print is read.');

-- Words in names of files that tell what is shown: a word tells one kind, for one medium or for all. Words such
-- as damage are not among them: the damage may be the item's or the box's.
CREATE OR REPLACE TABLE evidence_kind_words (
    word VARCHAR NOT NULL, -- The word in small letters, several joined by underscores.
    medium VARCHAR NOT NULL, -- photo, document or video; any for all.
    kind VARCHAR NOT NULL, -- The kind it tells, as in evidence_kinds.
    PRIMARY KEY (word, medium)
);
INSERT INTO evidence_kind_words
SELECT kind AS word, 'any' AS medium, kind FROM evidence_kinds WHERE kind <> 'other'
UNION ALL
SELECT word, medium, kind
FROM (
    VALUES
    ('photo_item', 'photo', [
        'item', 'product', 'article', 'unit', 'artikel', 'produkt', 'ware', 'produit', 'producto',
        'articulo', 'artículo', 'prodotto', '商品', '产品'
    ]),
    ('photo_packaging', 'photo', [
        'packaging', 'package', 'parcel', 'box', 'carton', 'packing', 'verpackung', 'karton', 'paket',
        'emballage', 'colis', 'embalaje', 'caja', 'imballo', 'imballaggio', 'scatola', '包装', '外箱',
        '梱包', '箱'
    ]),
    ('photo_label', 'photo', [
        'label', 'shipping_label', 'return_label', 'etikett', 'versandetikett', 'retourenetikett',
        'étiquette', 'etiquette', 'etiqueta', 'etichetta', '面单', '标签', 'ラベル', '送り状'
    ]),
    ('photo_serial', 'photo', [
        'serial', 'serial_number', 'imei', 'seriennummer', 'numéro_de_série', 'número_de_serie',
        '序列号', 'シリアル'
    ]),
    ('video_packing', 'video', [
        'packing', 'packaging', 'packvideo', 'verpacken', 'emballage', 'embalaje', '打包', '梱包'
    ]),
    ('video_unboxing', 'video', [
        'unboxing', 'unpacking', 'auspacken', 'auspackvideo', 'déballage', 'deballage',
        'desempaquetado', '开箱', '開封'
    ]),
    ('tracking_record', 'any', [
        'tracking', 'tracking_info', 'sendungsverfolgung', 'suivi', 'seguimiento',
        'tracciamento', '物流', '追跡'
    ]),
    ('proof_of_delivery', 'any', [
        'pod', 'delivered', 'delivery_proof', 'delivery_confirmation', 'zustellnachweis',
        'liefernachweis', 'preuve_de_livraison', 'prueba_de_entrega', '签收', '妥投', '配達証明'
    ]),
    ('signature', 'any', ['unterschrift', 'firma', '签名']),
    ('invoice', 'any', ['receipt', 'rechnung', 'facture', 'factura', 'fattura', '发票', '請求書']),
    ('order_record', 'any', [
        'order_details', 'order_page', 'order_confirmation', 'packing_slip', 'lieferschein',
        'bestellung', 'commande', 'pedido'
    ]),
    ('return_record', 'any', ['rma', 'return_details', 'return_page', 'return_authorization', 'retoure']),
    ('policy_text', 'any', ['policy', 'agb', 'return_policy']),
    ('correspondence', 'any', [
        'chat', 'email', 'e_mail', 'mail', 'message', 'messages', 'conversation', 'buyer_message',
        'nachricht', 'nachrichten', 'schriftverkehr', 'correspondance', 'mensajes', 'messaggi',
        '聊天', '邮件', 'メール'
    ]),
    ('customer_statement', 'any', ['buyer_statement', 'affidavit']),
    ('inspection_report', 'any', ['inspection', 'prüfbericht', 'inspektion', '检验']),
    ('police_or_carrier_report', 'any', [
        'police', 'police_report', 'carrier_report', 'polizei', 'damage_report', '报警'
    ]),
    ('ledger_record', 'any', ['ledger', 'inventory_ledger']),
    ('access_log', 'any', ['download_log', 'ip_log'])
) AS t(kind, medium, words), unnest(words) AS w(word);
